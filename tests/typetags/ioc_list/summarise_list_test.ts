import { deepEqual } from "../../assert.ts";
import { summariseList } from "../../../lib/typetags/ioc_list/summarise_list.ts";

Deno.test("summariseList counts each indicator once, and none in what is no list", () => {
  deepEqual(summariseList("a.example\nb.example\na.example\n"), { indicators: 2 });
  deepEqual(summariseList("<!doctype html><a href='http://a.example/'>"), { indicators: 0 });
  deepEqual(summariseList("nothing\n"), { indicators: 0 });
  deepEqual(summariseList("host,ip,owner\nweb01,192.0.2.1,alice\n"), {
    indicators: 0,
    otherKind: "an inventory of machines",
  });
});
