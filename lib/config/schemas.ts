import * as v from "valibot";

export const text = v.string("must be a text");

export const filledText = v.pipe(text, v.nonEmpty("must not be empty"));

export const httpUrl = v.pipe(
  text,
  v.regex(/^https?:\/\/[^/]/, "must start with http:// or https://"),
);

export const storeUrl = v.pipe(
  text,
  v.regex(
    /^(?:mongodb(?:\+srv)?:\/\/[^/]|sqlite:.)/,
    "must be mongodb://…, mongodb+srv://… or sqlite:PATH",
  ),
);

export const envelopeMode = v.picklist(["eax", "gcm"], 'must be "eax" or "gcm"');

/** Yes or no, in the environment and in flags as `true` or `false`. */
export const flag: v.GenericSchema<unknown, boolean> = v.union(
  [v.boolean(), v.pipe(v.picklist(["true", "false"]), v.transform((text) => text === "true"))],
  "must be true or false",
);

export const nameList = listOf("names");

/** Who puts the key itself where its path belongs must not find it in the log. */
const isNoKey = (path: string) => !path.includes("-----BEGIN");
const noKeyMessage = "must name a key file, not hold the key itself";

export const keyPath = v.pipe(filledText, v.check(isNoKey, noKeyMessage));

export const keyPaths = v.pipe(
  listOf("paths"),
  v.check((paths) => paths.every(isNoKey), noKeyMessage),
);

/** A list, in the environment and in flags with commas between its members. */
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

/** A number, in the environment and in flags as decimal digits. */
export function wholeNumber(least: number, most: number): v.GenericSchema<unknown, number> {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))], message),
    v.check((number) => Number.isInteger(number) && number >= least && number <= most, message),
  );
}

/** A number, in the environment and in flags with or without a decimal point. */
export function decimal(least: number, most: number): v.GenericSchema<unknown, number> {
  const message = `must be a number from ${least} to ${most}`;
  return v.pipe(
    v.union(
      [v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}(?:\.\d{1,15})?$/), v.transform(Number))],
      message,
    ),
    v.check((number) => number >= least && number <= most, message),
  );
}

/** Ports from one to another, `1024-65535`, or a single one. */
export const portRange = v.pipe(
  text,
  v.regex(/^\d{1,5}(?:-\d{1,5})?$/, "must be a port or a range such as 1024-65535"),
  v.check((range) => {
    const [least = 0, most = least] = range.split("-").map(Number);
    return least >= 1 && least <= most && most <= 65535;
  }, "must be a port or a range such as 1024-65535"),
);
