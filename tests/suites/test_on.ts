/** Returns a function that registers tests, each with something opened for it alone. */
export function testOn<Opened extends { close(): Promise<void> }>(
  name: string,
  open: () => Promise<Opened>,
): (behaviour: string, body: (opened: Opened) => Promise<void>) => void {
  return (behaviour, body) => {
    Deno.test(`${name}: ${behaviour}`, async () => {
      const opened = await open();
      try {
        await body(opened);
      } finally {
        await opened.close();
      }
    });
  };
}
