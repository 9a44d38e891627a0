import type { Attribute } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { fieldsIn, textOf } from "./fields.ts";
import { identifier } from "./identifier.ts";

/**
 * The tags of a MISP event or attribute as attributes `tag`, and the clusters of its galaxies under
 * the galaxy's name: `threat_actor`, `mitre_attack_pattern`.
 */
export function readLabels(fields: Fields, collector: InstanceCollector): readonly Attribute[] {
  const clusters = fieldsIn(fields["Galaxy"]).flatMap((galaxy) =>
    fieldsIn(galaxy["GalaxyCluster"]).map((cluster) => readCluster(cluster, galaxy, collector))
  );
  const tags = fieldsIn(fields["Tag"]).map((tag) => {
    const name = textOf(tag["name"]);
    return name === undefined ? undefined : collector.attribute("tag", name);
  });
  return [...tags, ...clusters].filter((label) => label !== undefined);
}

function readCluster(
  cluster: Fields,
  galaxy: Fields,
  collector: InstanceCollector,
): Attribute | undefined {
  const type = textOf(cluster["type"]) ?? textOf(galaxy["type"]);
  const value = textOf(cluster["value"]);
  if (type === undefined || value === undefined) return undefined;
  return collector.attribute(identifier(type), value);
}
