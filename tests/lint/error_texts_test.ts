import { deepEqual } from "../assert.ts";
import { faults, flagged } from "./faults.ts";

const WANTED = [
  'throw new Error("Cannot remove user: it is an admin");',
  "throw new RangeError(`Cannot show entry ${id}: there is none`);",
  'throw new Rejected("EVENTS_INVALID", "There is no indicator in the list");',
  'throw new QueryError("InvalidUserError", "User does not exist in identity db!");',
  'throw new TypeError("timestamp is not a number of seconds");',
  "throw new TypeError(`${name} is not a string`);",
  'throw new Rejected("ENTRY_INVALID", "it is not UTF-8 text", { cause });',
  'throw new Error("there is no such file");',
  'throw new Rejected("EVENTS_INVALID", "The message has no text");',
  'throw new Error("A message is JSON with a text field data");',
  'throw new InvalidArgumentError("Give a whole number.");',
  'throw new Error("Waiting for the database" + "...");',
  "throw new Error(reason);",
  "throw new ConfigError(faults);",
  'f("the text is no text.");',
];

const UNWANTED = [
  "throw new RangeError(`Is no user: ${hash}` + more);",
  "throw new RangeError(`${hash} is no user`);",
  'throw new TypeError("The values are " + "no users");',
  'throw new TypeError("An orgname must be a text");',
  'throw new TypeError("qtype and qhash must be texts");',
  'throw new Rejected("ENTRY_INVALID", "The field is not a text");',
  "throw new QueryError('ValidationError', `The query has no text ${name}`);",
  'throw new RangeError("the line is too long");',
  'throw new RangeError("cannot read the line");',
  'throw new Error("Cannot read the line.");',
  "throw new errors.ParseError(`Cannot read line ${line}.`);",
  'throw new StoreUnavailable("the store is away");',
];

Deno.test("error-texts accepts texts in the form of the house", () => {
  deepEqual(flagged("error-texts", WANTED), []);
});

Deno.test("error-texts flags other texts of errors", () => {
  deepEqual(flagged("error-texts", UNWANTED), UNWANTED);
});

Deno.test("error-texts says what to write instead", () => {
  deepEqual(faults("error-texts", 'new Rejected("TOO_LARGE", "the file is no text.")'), [
    ['"the file is no text."', 'Write "is not a …" or "are not …"; only "there is no …" may stay'],
    [
      '"the file is no text."',
      "An error text must begin with a capital or with the name of a field",
    ],
    ['"the file is no text."', "An error text must not end with a full stop"],
  ]);
});
