import type { EdgeEvent } from "../../lib/graph/edges.ts";
import type { Hash } from "../../lib/tahoe/instance.ts";

export type OraclePath = { readonly weight: number; readonly nodes: readonly Hash[] };

/**
 * Lists every path of at most six edges from a malicious event to the asked one, in this direction,
 * with the product of the weights of all its nodes but the last: the formula, word for word.
 */
export function allPaths(
  events: readonly EdgeEvent[],
  asked: Hash,
  { now, decay }: { readonly now: number; readonly decay: number },
): OraclePath[] {
  const holders = Map.groupBy(
    events.flatMap((event) => event.references.map((attribute) => ({ attribute, event }))),
    ({ attribute }) => attribute,
  );
  const paths: OraclePath[] = [];
  function follow(event: EdgeEvent, path: readonly Hash[], weight: number): void {
    for (const attribute of event.references) {
      if (path.includes(attribute)) continue;
      const neighbours = holders.get(attribute)!;
      for (const { event: next } of neighbours) {
        if (path.includes(next.hash)) continue;
        const days = Math.max(0, Math.floor((now - next.timestamp) / 86_400));
        const product = weight / neighbours.length * decay ** days / next.references.length;
        const nodes = [next.hash, attribute, ...path];
        if (next.category === "malicious") paths.push({ weight: product, nodes });
        if (nodes.length < 7) follow(next, nodes, product);
      }
    }
  }
  const start = events.find((event) => event.hash === asked)!;
  follow(start, [asked], 1);
  return paths;
}

/** Sums numbers and compensates for rounding errors (Neumaier's variant of Kahan's algorithm). */
export function compensatedSum(terms: readonly number[]): number {
  let sum = 0;
  let compensation = 0;
  for (const term of terms) {
    const next = sum + term;
    compensation += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + compensation;
}

/** Computes the rank by the formula. */
export function oracleRank(
  events: readonly EdgeEvent[],
  asked: Hash,
  options: { readonly now: number; readonly decay: number },
): number {
  if (events.find((event) => event.hash === asked)?.category === "malicious") return -1;
  const sum = compensatedSum(allPaths(events, asked, options).map((path) => path.weight));
  return sum === 0 ? 0 : -sum;
}
