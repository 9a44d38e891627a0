import * as v from "valibot";

export const stringSchema = v.string("must be a string");

export const filledString = v.pipe(stringSchema, v.nonEmpty("must not be empty"));

export const httpUrl = v.pipe(
  stringSchema,
  v.regex(/^https?:\/\/[^/]/, "must start with http:// or https://"),
);

export const storeUrl = v.pipe(
  stringSchema,
  v.regex(
    /^(?:mongodb(?:\+srv)?:\/\/[^/]|sqlite:.)/,
    "must be mongodb://…, mongodb+srv://… or sqlite:PATH",
  ),
);

export const envelopeMode = v.picklist(["eax", "gcm"], 'must be "eax" or "gcm"');

/** A boolean; `true` or `false` in the environment and in flags. */
export const trueOrFalse: v.GenericSchema<unknown, boolean> = v.union(
  [v.boolean(), v.pipe(v.picklist(["true", "false"]), v.transform((string) => string === "true"))],
  "must be true or false",
);

export const nameList = listOf("names");

const ALIAS_MESSAGE = 'must name typetags by aliases, such as {"unr-honeypot": "cowrie"}';

/** Typetags by aliases as a list of `alias=typetag`; separated by commas in environment and flags. */
export const aliasList: v.GenericSchema<unknown, string[]> = v.pipe(
  v.union([
    // First: an array would pass as a record, too.
    v.array(v.string()),
    v.pipe(
      v.record(v.string(), v.string()),
      v.transform((record) => Object.entries(record).map(([from, to]) => `${from}=${to}`)),
    ),
    v.pipe(v.string(), v.transform(splitAtCommas)),
  ], ALIAS_MESSAGE),
  v.check((pairs) => pairs.every((pair) => /^.+=[A-Za-z_]\w*$/.test(pair)), ALIAS_MESSAGE),
);

// A key that was given instead of its path must not appear in the log.
const isPath = (path: string) => !path.includes("-----BEGIN");
const KEY_MESSAGE = "must name a key file, not hold the key itself";

export const keyPath = v.pipe(filledString, v.check(isPath, KEY_MESSAGE));

export const keyPaths = v.pipe(
  listOf("paths"),
  v.check((paths) => paths.every(isPath), KEY_MESSAGE),
);

/** A list of non-empty strings; separated by commas in the environment and in flags. */
function listOf(members: string): v.GenericSchema<unknown, string[]> {
  const message = `must be a list of ${members}`;
  return v.pipe(
    v.union([v.array(v.string()), v.pipe(v.string(), v.transform(splitAtCommas))], message),
    v.check((list) => list.every((member) => member !== ""), message),
  );
}

function splitAtCommas(list: string): string[] {
  return list.split(",").map((member) => member.trim());
}

/** A whole number; decimal digits in the environment and in flags. */
export function wholeNumberSetting(least: number, most: number): v.GenericSchema<unknown, number> {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))], message),
    v.check((number) => Number.isInteger(number) && number >= least && number <= most, message),
  );
}

/** MiB of memory, or `auto`. */
export const memorySetting: v.GenericSchema<unknown, number | "auto"> = v.union(
  [v.literal("auto"), wholeNumberSetting(0, 1024 ** 2)],
  "must be a whole number of MiB from 0 to 1048576, or auto",
);

/** A number; decimal digits, with or without a point, in the environment and in flags. */
export function numberSetting(least: number, most: number): v.GenericSchema<unknown, number> {
  const message = `must be a number from ${least} to ${most}`;
  return v.pipe(
    v.union(
      [v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}(?:\.\d{1,15})?$/), v.transform(Number))],
      message,
    ),
    v.check((number) => number >= least && number <= most, message),
  );
}

/** A range of ports such as `1024-65535`, or a single port. */
export const portRange = v.pipe(
  stringSchema,
  v.regex(/^\d{1,5}(?:-\d{1,5})?$/, "must be a port or a range such as 1024-65535"),
  v.check((range) => {
    const [least = 0, most = least] = range.split("-").map(Number);
    return least >= 1 && least <= most && most <= 65535;
  }, "must be a port or a range such as 1024-65535"),
);
