import type cytoscape from "cytoscape";
import { themeColour } from "../theme.ts";

/** Size of labels in pixels, at a zoom of 1. */
export const LABEL_SIZE = 12;

/** How nodes and connections are drawn, in the colours of page.css. */
export function pictureStyle(): cytoscape.StylesheetJson {
  const colour = themeColour;
  return [
    {
      selector: "node",
      style: {
        "width": 12,
        "height": 12,
        "label": "data(label)",
        "font-size": LABEL_SIZE,
        "font-family": getComputedStyle(document.body).fontFamily,
        "color": colour("--text"),
        "background-color": colour("--accent"),
        "border-width": 2,
        "border-color": colour("--accent"),
        "text-valign": "center",
        "text-halign": "right",
        "text-margin-x": 6,
        "text-outline-color": colour("--ground"),
        "text-outline-width": 3,
      },
    },
    // The connections of an open node leave it on the right, below its label.
    {
      selector: "node.open",
      style: { "text-valign": "top", "text-margin-x": 0, "text-margin-y": -1 },
    },
    // In a list all labels are on the right, and as long as there is room.
    {
      selector: "node.listed",
      style: {
        "text-valign": "center",
        "text-margin-x": 6,
        "text-margin-y": 0,
        "text-wrap": "ellipsis",
        "text-max-width": "data(most)",
      },
    },
    // What can be opened is hollow.
    { selector: "node.closed", style: { "background-color": colour("--ground") } },
    { selector: "node.event", style: { shape: "diamond", width: 15, height: 15 } },
    { selector: "node.object", style: { shape: "rectangle" } },
    { selector: "node.session", style: { shape: "hexagon", width: 15 } },
    { selector: "node.group", style: { shape: "round-rectangle", width: 18 } },
    {
      selector: "node.leaf",
      style: { "background-color": colour("--muted"), "border-color": colour("--muted") },
    },
    { selector: "node.malicious", style: { "border-color": colour("--alarm") } },
    {
      selector: "node.more",
      style: {
        "shape": "ellipse",
        "color": colour("--accent"),
        "background-color": colour("--ground"),
      },
    },
    {
      selector: "node.marked",
      style: { "border-width": 3, "overlay-color": colour("--accent"), "overlay-opacity": 0.2 },
    },
    {
      selector: "edge",
      style: {
        "width": 1,
        "line-color": colour("--edge"),
        "curve-style": "taxi",
        "taxi-direction": "rightward",
        "taxi-turn": -18,
        "target-label": "data(label)",
        "target-text-offset": 42,
        "font-size": 11,
        "color": colour("--muted"),
        "text-outline-color": colour("--ground"),
        "text-outline-width": 3,
      },
    },
    // Its label is on the last part of the connection.
    { selector: "edge.via", style: { "taxi-turn": -76 } },
    {
      selector: "edge.listed",
      style: {
        "curve-style": "segments",
        "edge-distances": "node-position",
        "segment-weights": "data(along)",
        "segment-distances": "data(beside)",
      },
    },
    {
      selector: "edge.cross",
      style: { "curve-style": "straight", "line-style": "dashed" },
    },
  ] as unknown as cytoscape.StylesheetJson;
}
