import type { FaultyPosition, Position, Positions } from "../lake/positions.ts";
import { readPosition } from "../lake/read_position.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { readJsonColumn } from "./json_column.ts";
import type { Connection } from "./sqlite.ts";

/** The positions in growing files whose lines went to a collection of instances. */
export class SqlitePositions implements Positions {
  readonly #collection: Collection;

  constructor(connection: Connection, name: CollectionName) {
    this.#collection = new Collection(connection, name);
  }

  list(source: string): Promise<(Position | FaultyPosition)[]> {
    return this.#collection.read(({ prepare, id }) =>
      prepare("SELECT id, document FROM positions WHERE collection = ? AND source = ?")
        .all(id, source).map((row) => {
          const position = readPosition(readJsonColumn(row, "document"));
          return "reason" in position ? { ...position, id: String(row["id"]) } : position;
        })
    );
  }

  save(position: Position): Promise<void> {
    return this.#collection.write(({ prepare, id }) => {
      prepare(
        `INSERT INTO positions (collection, id, source, document) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET document = excluded.document`,
      ).run(id, position.id, position.source, JSON.stringify(position));
    });
  }

  remove(id: string): Promise<void> {
    return this.#collection.write(({ prepare, id: collection }) => {
      prepare("DELETE FROM positions WHERE collection = ? AND id = ?").run(collection, id);
    });
  }
}
