import { recognise } from "./recognise.ts";
import { refang } from "./refang.ts";

/** A scheme of the Web, also defanged, and what stands behind it in place of `://`. */
const START =
  /^(h(?:tt|xx|xt|tx|\*\*)ps?|ftps?|fxps?)(?!:\/\/[^/])([:;.]?\/{2,}|:\/|:)([^\s/\\].*)$/is;

/** A name of one label, also with a port. */
const LABEL = /^[a-z][\w-]*(?::[0-9]{1,5})?(?=\/|$)/i;

/**
 * A URL whose scheme was mistyped or cut, as it was meant: `http//example.com/a`, `https:/example.com`,
 * `https:example.com/a`, `http:///example.com`. Other text as it stands. `isWhole` says that the text
 * is all that somebody asks for, so that its host may be of one label: `http//intranet/a`.
 */
export function withWholeScheme(text: string, isWhole = false): string {
  const [, scheme, mark, rest] = START.exec(text) ?? [];
  if (scheme === undefined || mark === undefined || rest === undefined) return text;
  const target = rest.replace(/^[^/?#@]*@/, "");
  const { subType = "" } = recognise(target, true) ?? {};
  const isHost = /^(?:url|domain|ipv[46])$/.test(subType) ||
    (isWhole && `${mark}${target}`.includes("/") && LABEL.test(target));
  return isHost ? refang(`${scheme}://${rest}`) : text;
}
