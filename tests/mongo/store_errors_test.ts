import { equal, match, ok } from "../assert.ts";
import { MongoServerError } from "mongodb";
import { StoreUnavailable } from "../../lib/errors.ts";
import { toStoreError } from "../../lib/mongo/store_errors.ts";

Deno.test("toStoreError waits for a server whose disk is full", () => {
  const message = "28: No space left on device";
  const error = toStoreError(new MongoServerError({ message, code: 8 }));
  ok(error instanceof StoreUnavailable);
  match(error.message, /its disk is full\. Make room on it$/);
  const other = toStoreError(new MongoServerError({ message: "secret", code: 8 }));
  equal(String(other), "Error: MongoDB refuses: MongoServerError (code 8)");
});
