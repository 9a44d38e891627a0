import { bsonNameSize, bsonSize } from "./bson.ts";
import { canonicalForm, checkCanonicalLength } from "./canonical.ts";
import { quote } from "./json.ts";
import { type JsonBuilder, type JsonLimits, JsonParser } from "./json_parser.ts";

/** How much a value takes. */
export type JsonSize = {
  /** Bytes in BSON. */
  readonly bson: number;
  /** Characters of its canonical form. */
  readonly canonical: number;
};

export type JsonSizeOptions = JsonLimits & {
  /** Names that no object may have more than once. */
  readonly unique?: ReadonlySet<string>;
};

/**
 * The most that a value takes, read from its JSON while nothing of it is kept: no more than that, and
 * less only where an object repeats a name or a list a member.
 *
 * @throws {SyntaxError} when the text is not JSON.
 * @throws {RangeError} when it exceeds a limit, BSON cannot hold it exactly, or its canonical form
 * could be too long.
 */
export function jsonSize(text: string, options: JsonSizeOptions = {}): JsonSize {
  const sizes = new Sizes(options.unique ?? new Set());
  const { bson, length } = new JsonParser(text, sizes, options).parse();
  return { bson, canonical: length };
}

/** What a value takes, and what of its canonical form doubles where that is quoted. */
type Size = {
  bson: number;
  length: number;
  quotes: number;
  backslashes: number;
};

/** The size of a list or an object of which some members were read. */
type OpenSize = Size & {
  members: number;
  /** Those of its names that it may not repeat; undefined before there are any. */
  names?: Set<string>;
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

class Sizes implements JsonBuilder<Size, OpenSize, OpenSize> {
  readonly #unique: ReadonlySet<string>;

  constructor(unique: ReadonlySet<string>) {
    this.#unique = unique;
  }

  scalar(value: null | boolean | number | bigint | string): Size {
    return { bson: bsonSize(value), ...formSize(canonicalForm(value)) };
  }

  object(): OpenSize {
    return openSize();
  }

  addMember(object: OpenSize, name: string, value: Size): void {
    if (this.#unique.has(name)) {
      object.names ??= new Set();
      if (object.names.has(name)) throw new RangeError(`JSON repeats the name ${name}`);
      object.names.add(name);
    }
    const form = formSize(quote(name));
    object.quotes += form.quotes;
    object.backslashes += form.backslashes;
    addMember(object, value, { bson: bsonNameSize(name), length: form.length + ": ".length });
  }

  endObject(object: OpenSize): Size {
    return object;
  }

  list(): OpenSize {
    return openSize();
  }

  addItem(list: OpenSize, item: Size): void {
    addMember(list, item, { bson: bsonNameSize(String(list.members)), length: 0 });
  }

  endList(list: OpenSize): Size {
    return list;
  }
}

function openSize(): OpenSize {
  return { bson: bsonSize({}), length: 2, quotes: 0, backslashes: 0, members: 0 };
}

/** Adds a member, whose canonical form is quoted, and what is in front of it. */
function addMember(to: OpenSize, member: Size, before: Pick<Size, "bson" | "length">): void {
  if (to.members++ > 0) to.length += ", ".length;
  const escapes = member.quotes + member.backslashes;
  to.bson += before.bson + member.bson;
  to.length = checkCanonicalLength(to.length + before.length + 2 + member.length + escapes);
  to.quotes += 2 + member.quotes;
  to.backslashes += member.backslashes + escapes;
}

function formSize(form: string): Omit<Size, "bson"> {
  let [quotes, backslashes] = [0, 0];
  for (let at = 0; at < form.length; at++) {
    const unit = form.charCodeAt(at);
    if (unit === QUOTE) quotes++;
    else if (unit === BACKSLASH) backslashes++;
  }
  return { length: form.length, quotes, backslashes };
}
