import { attribute } from "../tahoe/attribute.ts";
import type { Child } from "../tahoe/children.ts";
import type { Attribute, Session, TahoeObject } from "../tahoe/instance.ts";
import { object } from "../tahoe/object.ts";
import { session } from "../tahoe/session.ts";
import type { Scalar } from "../tahoe/value.ts";

/**
 * Attributes, objects and sessions of one upload, each hashed only once: the records of a log have
 * most of them in common.
 */
export class InstanceCache {
  readonly #attributes = new Map<string, Map<Scalar, Attribute>>();
  readonly #objects = new Map<string, TahoeObject>();
  readonly #sessions = new Map<string, Session>();

  attribute(subType: string, data: Scalar): Attribute {
    // 0 and -0 are the same key of a Map, but not the same attribute.
    if (typeof data === "number") return attribute(subType, data);
    const cached = this.#attributes.get(subType) ?? new Map<Scalar, Attribute>();
    const instance = cached.get(data) ?? attribute(subType, data);
    this.#attributes.set(subType, cached.set(data, instance));
    return instance;
  }

  object(subType: string, children: readonly Child[]): TahoeObject {
    const key = cacheKey(subType, children);
    const instance = this.#objects.get(key) ?? object(subType, children);
    this.#objects.set(key, instance);
    return instance;
  }

  session(subType: string, children: readonly Child[]): Session {
    const key = cacheKey(subType, children);
    const instance = this.#sessions.get(key) ?? session(subType, children);
    this.#sessions.set(key, instance);
    return instance;
  }
}

function cacheKey(subType: string, children: readonly Child[]): string {
  let key = subType;
  for (const { _hash } of children) key += ` ${_hash}`;
  return key;
}
