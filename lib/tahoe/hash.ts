import { createHash } from "node:crypto";
import { canonical } from "./canonical.ts";
import { writeFloat } from "./json.ts";
import type { Event, Hash, Instance, TahoeObject } from "./instance.ts";
import type { Value } from "./value.ts";

/** SHA-256 of a text's UTF-8 bytes. Throws RangeError if the text holds a lone surrogate. */
export function sha256(text: string): Hash {
  if (!text.isWellFormed()) {
    throw new RangeError("Cannot hash a text with a lone surrogate: it has no UTF-8 form");
  }
  // createHash takes 2 µs for a short text where crypto.subtle.digest takes 20 to 40.
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** The hash of an instance that is its content and nothing else: attribute, object, session, raw. */
export function contentHash(itype: string, subType: string, data: Value): Hash {
  return sha256(itype + subType + canonical(data));
}

export function eventHash(
  { sub_type, orgid, timestamp, data }: Pick<Event, "sub_type" | "orgid" | "timestamp" | "data">,
): Hash {
  return sha256("event" + sub_type + orgid + writeTime(timestamp) + canonical(data));
}

/** Python's `str` of a float: here, unlike in JSON, the numbers that are none are in small letters. */
function writeTime(timestamp: number): string {
  if (Number.isFinite(timestamp)) return writeFloat(timestamp);
  return Number.isNaN(timestamp) ? "nan" : timestamp > 0 ? "inf" : "-inf";
}

/** A report is one user's, and one page: the existing system leaves these three out. */
export function reportHash(
  qtype: string,
  data: Value,
  userid: string,
  currentPage: bigint,
  nextPage: bigint,
): Hash {
  return sha256("report" + qtype + canonical(data) + userid + currentPage + nextPage);
}

/** A user is an e-mail address, an organisation an orgname, whatever else they hold. */
export function identityHash(subType: string, name: string): Hash {
  return sha256("object" + subType + name);
}

/** A query is its question, its user and the hour in which it was asked. Seconds since 1970. */
export function queryHash(qtype: string, qhash: string, userid: string, timestamp: number): Hash {
  return sha256("objectquery" + qtype + qhash + userid + Math.floor(Math.trunc(timestamp) / 3600));
}

/**
 * The hash that an instance's content asks for; in a sound store equal to its `_hash`.
 * Throws TypeError if the document lacks what its hash is made of.
 */
export function hashOf(instance: Instance): Hash {
  switch (instance.itype) {
    case "event":
      return eventHash(instance);
    case "report":
      return reportHash(
        instance.sub_type,
        instance.data,
        instance.userid,
        instance.current_page,
        instance.next_page,
      );
    case "object":
      return objectHash(instance);
    default:
      return contentHash(instance.itype, instance.sub_type, instance.data);
  }
}

function objectHash(object: TahoeObject): Hash {
  const { sub_type: subType, data } = object;
  switch (subType) {
    case "cybexp_user":
    case "cybexp_superuser":
      return identityHash(subType, only(object, "email_addr"));
    case "cybexp_org":
      return identityHash(subType, only(object, "orgname"));
    case "query":
      return queryHash(
        only(object, "qtype"),
        only(object, "qhash"),
        only(object, "userid"),
        Number(data["timestamp"]?.[0]),
      );
    default:
      return contentHash("object", subType, data);
  }
}

function only(object: TahoeObject, subType: string): string {
  const value = object.data[subType]?.[0];
  if (typeof value === "string") return value;
  throw new TypeError(`Object ${object._hash} of type ${object.sub_type} has no text ${subType}`);
}
