import { org } from "../../lib/identity/org.ts";
import { user, type UserType } from "../../lib/identity/user.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import type { Child } from "../../lib/tahoe/children.ts";
import { event } from "../../lib/tahoe/event.ts";
import { sha256 } from "../../lib/tahoe/hash.ts";
import type { Instance, TahoeObject } from "../../lib/tahoe/instance.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import { object } from "../../lib/tahoe/object.ts";
import { raw } from "../../lib/tahoe/raw.ts";
import { report } from "../../lib/tahoe/report.ts";
import { session } from "../../lib/tahoe/session.ts";
import type { Fields, Scalar, Value } from "../../lib/tahoe/value.ts";
import { tdql } from "../../lib/tdql/tdql.ts";

/** Classes of the existing system that ours does not have. */
const OUT_OF_SCOPE = ["URL", "InputConfig", "WebSocketConfig"];

/** Tells whether ours has the class that a vector's `{new: class, …}` names. */
export function isInScope(spec: Fields): boolean {
  return !OUT_OF_SCOPE.includes(spec["new"] as string);
}

/** Builds what a vector's `{new: class, …}` or `{use: name}` stands for, even with wrong types. */
export class Builder {
  readonly #named = new Map<string, Instance>();
  readonly #now: number;
  /** Every instance built that would be stored. */
  readonly built: Instance[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  define(name: string, spec: Fields): void {
    this.#named.set(name, this.build(spec));
  }

  build(spec: Value): Instance {
    const fields = spec as Fields;
    if (typeof fields?.["use"] === "string") return this.#named.get(fields["use"])!;
    if (typeof fields?.["new"] !== "string") return spec as unknown as Instance;
    const instance = this.#construct(fields["new"], fields);
    this.built.push(instance);
    return instance;
  }

  #construct(kind: string, spec: Fields): Instance {
    const subType = spec["sub_type"] as string;
    switch (kind) {
      case "Attribute":
        return attribute(subType, spec["data"] as Scalar);
      case "Object":
        return object(subType, this.#children(spec["data"]));
      case "Session":
        return session(subType, this.#children(spec["data"]));
      case "Event":
        return event(subType, this.#children(spec["data"]), {
          orgid: spec["orgid"] as string,
          timestamp: spec["timestamp"] as number,
          benign: this.#children(spec["ben_data"] ?? []),
          malicious: this.#children(spec["mal_data"] ?? []),
        });
      case "Raw": {
        const data = spec["data"];
        const value = typeof data === "string" ? parseJson(data) : data!;
        const { orgid, timezone = "UTC" } = spec as { orgid: string; timezone?: string };
        return raw(subType, value, { orgid, timezone });
      }
      case "Report":
        return report(spec["qtype"] as string, spec["data"]!, {
          userid: spec["userid"] as string,
          timestamp: spec["timestamp"] as number,
          ...("current_page" in spec && { currentPage: spec["current_page"] as bigint }),
          ...("next_page" in spec && { nextPage: spec["next_page"] as bigint }),
        });
      case "TDQL":
        return this.#tdql(spec);
      case "User":
        return this.#user(spec);
      default:
        return this.#org(spec);
    }
  }

  #children(specs: Value | undefined): Child[] {
    const list = Array.isArray(specs) ? specs : [specs];
    return list.map((spec) => this.build(spec) as Child);
  }

  #tdql(spec: Fields): TahoeObject {
    const { host = "localhost", port = 0n, nonce = "" } = spec as Record<string, never>;
    const { query, parts } = tdql({
      ...spec as { qtype: string; qdata: string; qhash: string; userid: string },
      timestamp: (spec["now"] ?? this.#now) as number,
      socket: { host, port, nonce },
    });
    this.built.push(...parts);
    return query;
  }

  // The existing system stores the SHA-256 of the password; ours only reads it.
  #user(spec: Fields): TahoeObject {
    const { email, password = "", name = "", sub_type = "cybexp_user" } = spec as {
      [name: string]: string;
    };
    if (typeof password !== "string") {
      throw new TypeError("Cannot build a user: the password is not a string");
    }
    const made = user({
      email: email as string,
      password: sha256(password),
      name,
      type: sub_type as UserType,
    });
    this.built.push(...made.parts);
    return made.user;
  }

  #org(spec: Fields): TahoeObject {
    const made = org({
      orgname: spec["orgname"] as string,
      users: this.#children(spec["user"]) as TahoeObject[],
      admins: this.#children(spec["admin"]) as TahoeObject[],
      ...("name" in spec && { name: spec["name"] as string }),
    });
    this.built.push(...made.parts);
    return made.org;
  }
}
