import { createHash } from "node:crypto";
import { jsonText } from "../../json_text.ts";
import type { QueryResult } from "../answer_content.ts";
import { jsonAnswer } from "../json_answer.ts";
import type { AboutAnswer } from "./page/about_answer.ts";
import PAGE_STYLE from "./page/page.css" with { type: "text" };
import PAGE_SCRIPT from "./page/page.js" with { type: "text" };

/** Allows this script and this style, and nothing else: no request can leave the page. */
const POLICY = [
  "default-src 'none'",
  `script-src '${sourceHash(PAGE_SCRIPT)}'`,
  `style-src '${sourceHash(PAGE_STYLE)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Writes an answer as one HTML file that contains everything it shows, and opens without a server. */
export function writeHtml(result: QueryResult): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cybexp: ${result.qtype}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<noscript>This page shows its answer with JavaScript, which is turned off here.</noscript>
<script type="application/json" id="about">${embedded(aboutAnswer(result))}</script>
<script type="application/json" id="answer">${embedded(jsonAnswer(result))}</script>
<script type="module">${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function aboutAnswer({ qtype, organisations = new Map(), ...rest }: QueryResult): AboutAnswer {
  const details = "details" in rest ? rest.details : undefined;
  return {
    qtype,
    organisations: Object.fromEntries(organisations),
    ...(details !== undefined && { details }),
  };
}

/** Writes JSON that cannot end the element that contains it, whatever the data is. */
function embedded(value: unknown): string {
  return jsonText(value).replaceAll("<", "\\u003c");
}

/** Names the content of an element as a Content-Security-Policy allows it. */
function sourceHash(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}
