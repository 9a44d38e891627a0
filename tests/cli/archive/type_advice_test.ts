import { equal } from "../../assert.ts";
import { adviceOnType } from "../../../lib/cli/archive/type_advice.ts";

const OTHERS = "misp, openphish_feed, phishtank_feed, sighting";

Deno.test("adviceOnType gives the command for a list, whatever its path", () => {
  const guess = { reason: "", isInDoubt: true, candidates: [], indicators: 1 } as const;
  equal(
    adviceOnType("in/it's a list.txt", { guess, org: "lab.example.org" }),
    "If it lists what is malicious (1 indicator): archive import 'in/it'\\''s a list.txt' " +
      `--type ioc_list --org lab.example.org. Otherwise give one of cowrie, email, ${OTHERS}, stix, with --type TYPE`,
  );
});

Deno.test("adviceOnType gives a command for each type that a file could have, or all types", () => {
  const candidates = ["cowrie", "stix"].map((typetag) => ({ typetag, reason: "x" }));
  equal(
    adviceOnType("a.json", { guess: { reason: "", candidates }, org: "lab" }),
    "If it is cowrie: archive import a.json --type cowrie --org lab. If it is stix: archive import a.json " +
      `--type stix --org lab. Otherwise give one of email, ioc_list, ${OTHERS}, with --type TYPE`,
  );
  equal(
    adviceOnType("a.json", { guess: { reason: "", candidates: [] }, org: "lab" }),
    `Give one of cowrie, email, ioc_list, ${OTHERS}, stix, with --type TYPE`,
  );
});

Deno.test("adviceOnType gives no command that would have to be changed first", () => {
  const candidates = [{ typetag: "cowrie", reason: "x" }];
  const guess = { reason: "", candidates, indicators: 2 };
  equal(
    adviceOnType("a.json", { guess, org: undefined }),
    "If it is cowrie, import it with --type cowrie. If it lists what is malicious (2 indicators), " +
      `import it with --type ioc_list. Otherwise give one of email, ${OTHERS}, stix, with --type TYPE`,
  );
});
