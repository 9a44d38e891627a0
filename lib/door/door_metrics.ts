import type { AnsweredRequest } from "./app.ts";
import { CLOSE_REASONS, type CloseReason } from "./gate.ts";
import { type Refusal, REFUSAL_KINDS } from "./refusal.ts";
import { Counter } from "../metrics/counter.ts";
import type { Family } from "../metrics/exposition.ts";
import { gauge } from "../metrics/gauge.ts";
import { Histogram } from "../metrics/histogram.ts";

/** Counters of the requests to one door. */
export class DoorMetrics {
  readonly #requests = new Counter(
    {
      name: "cybexp_door_requests_total",
      help: "Answered requests by route and status; other: there is no such route.",
    },
    [],
  );
  readonly #duration = new Histogram({
    name: "cybexp_door_request_duration_seconds",
    help: "Time from the head of a request to its response.",
  });
  readonly #refusals = new Counter(
    {
      name: "cybexp_door_refused_total",
      help: "Requests refused for their body, or for a limit.",
    },
    REFUSAL_KINDS.map((kind) => ({ kind })),
  );
  readonly #closed = new Counter(
    {
      name: "cybexp_door_closed_connections_total",
      help: "Connections that the door ended: idle, stuck, or one too many.",
    },
    CLOSE_REASONS.map((reason) => ({ reason })),
  );
  readonly #damaged = new Counter({
    name: "cybexp_door_damaged_events_total",
    help: "Events left out of pages of TAXII because they cannot be read.",
  });
  #countConnections = () => 0;

  /** The label is the route, which is one of our own constants, and never an address. */
  countAnswer({ route = "other", status, seconds }: AnsweredRequest): void {
    this.#requests.add({ route, status: String(status) });
    this.#duration.observe(seconds);
  }

  countRefusal({ kind }: Pick<Refusal, "kind">): void {
    if (kind !== undefined) this.#refusals.add({ kind });
  }

  countDamaged(): void {
    this.#damaged.add();
  }

  countClosed(reason: CloseReason): void {
    this.#closed.add({ reason });
  }

  /** Sets what tells how many connections are open; until then there are none. */
  watchConnections(count: () => number): void {
    this.#countConnections = count;
  }

  families(): readonly Family[] {
    return [
      this.#requests.family(),
      this.#duration.family(),
      this.#refusals.family(),
      gauge(
        { name: "cybexp_door_connections", help: "Connections that are open." },
        this.#countConnections(),
      ),
      this.#closed.family(),
      this.#damaged.family(),
    ];
  }
}
