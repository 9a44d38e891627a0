import type { Socket } from "node:net";
import { MongoError, MongoNetworkError } from "mongodb";
import { Connection } from "mongodb/lib/cmap/connection.js";

/**
 * A connection of the driver whose operation fails, as one that lost its server, when the connection
 * ends while a command is being sent. The driver then waits for its socket to take more (`drain`), or
 * to fail (`error`): without this it waits for ever if the socket is closed by anything else, such as
 * a heartbeat that had no answer, and passes on whatever error the socket has.
 */
export class DriverConnection extends Connection {
  constructor(socket: Socket, options: unknown) {
    super(socket, options);
    socket.once("close", () => {
      socket.emit("error", new MongoNetworkError("Cannot send: the connection was closed"));
    });
  }

  async writeCommand(...command: readonly unknown[]): Promise<void> {
    try {
      await super.writeCommand(...command);
    } catch (error) {
      if (error instanceof MongoError || !(error instanceof Error)) throw error;
      throw new MongoNetworkError(error.message, { cause: error });
    }
  }
}
