import { ASSERTIONS } from "./assertions.ts";
import { COMMENTS } from "./comments.ts";
import { CONSTANT_NAMES } from "./constant_names.ts";
import { ERROR_TEXTS } from "./error_texts.ts";
import { PARAMETERS } from "./parameters.ts";
import { SPREADS } from "./spreads.ts";

/** House rules that a tool can see, for `deno lint`. ARCHITECTURE.md gives all of them. */
const PLUGIN: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "assertions": ASSERTIONS,
    "comments": COMMENTS,
    "constant-names": CONSTANT_NAMES,
    "error-texts": ERROR_TEXTS,
    "parameters": PARAMETERS,
    "spreads": SPREADS,
  },
};

export default PLUGIN;
