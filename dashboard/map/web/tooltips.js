// What tips, screen readers and the legend say of the things on the map.
import { el } from "../../../geodata/export/web/dom.js";
import { legendKey } from "./legend_keys.js";
import { formatDate, formatNumber, hasText, lang, roadNumber, t } from "./texts.js";

/**
 * @import { Airport, NetworkNode, Railway, SegmentState } from "./types"
 * @import { Scene } from "./scene.js"
 */

/**
 * @param {Scene} scene
 * @param {number} i
 */
export function segmentEnds(scene, i) {
  const nodes = scene.network.nodes;
  return t("segment.ends", {
    from: nodes[scene.network.from[i]]?.name ?? "",
    to: nodes[scene.network.to[i]]?.name ?? "",
  });
}
/**
 * @param {string} prefix
 * @param {string} value
 */
const known = (prefix, value) => (hasText(prefix + value) ? t(prefix + value) : value);
/**
 * @param {Scene} scene
 * @param {number} i
 */
const road = (scene, i) =>
  [roadNumber(scene.network.road[i] || ""), segmentEnds(scene, i)].filter(Boolean).join(" · ");
/**
 * @param {Scene} scene
 * @param {number} i
 */
const length = (scene, i) => {
  const basis = scene.network.basis[i];
  const km = t("segment.km", { km: formatNumber(scene.network.km[i]) });
  return basis ? `${km} (${known("basis.", basis)})` : km;
};

/**
 * @param {Scene} scene
 * @param {SegmentState} state
 */
function segmentAct(scene, state) {
  if (scene.state?.mark) return "act.mark";
  if (scene.state?.look) return "act.look";
  return state === "cut" || state === "closed" ? "act.reopen" : "act.cut";
}

/**
 * @param {Scene} scene
 * @param {number} i
 * @param {string} effect - what a click would change, as far as it is known
 */
export function segmentTip(scene, i, effect) {
  const state = scene.roads.state[i],
    local = scene.local.get(i);
  const parts = [
    el("strong", { text: road(scene, i) }),
    el("div", {
      class: "sr-fact",
      text: [length(scene, i), known("class.", scene.network.roadClass[i] || "")]
        .filter(Boolean)
        .join(" · "),
    }),
  ];
  const line = el("div", { class: "sr-state" }, [
    legendKey("road", state),
    el("span", { text: t(`state.${state}`) }),
  ]);
  parts.push(line);
  if (scene.why?.[i] && !local) parts.push(el("div", { class: "sr-why", text: scene.why[i] }));
  const segment = scene.network.ids[i];
  parts.push(el("div", { class: "sr-effect", "data-segment": segment, text: effect }));
  parts.push(el("div", { class: "sr-act", text: t(segmentAct(scene, state)) }));
  return parts;
}

/**
 * @param {Scene} scene
 * @param {number} i
 */
export function segmentSpoken(scene, i) {
  const state = scene.roads.state[i],
    why = scene.why?.[i] && !scene.local.has(i) ? `. ${scene.why[i]}` : "";
  return `${road(scene, i)}, ${length(scene, i)}. ${t(`state.${state}`)}${why}`;
}

/** @param {NetworkNode} node */
export const peopleText = (node) =>
  node.people ? t("people", { n: formatNumber(node.people) }) : t("people.unknown");

/**
 * @param {Scene} scene
 * @param {number} i
 */
const fuelWord = (scene, i) => (scene.on.fuel === false ? undefined : scene.places.fuel[i]);

/**
 * Return a town's state, or the cause of its isolation.
 *
 * @param {Scene} scene
 * @param {number} i
 */
function townShown({ places }, i) {
  const state = places.states[i] || "open";
  if (state !== "isolated") return state;
  return places.nodes[i].classList.contains("new") ? "new" : places.causes[i] || state;
}

/**
 * @param {Scene} scene
 * @param {number} i
 */
export function nodeTip(scene, i) {
  const node = scene.network.nodes[i],
    parts = [el("strong", { text: node.name })];
  const facts = [known("kind.", node.kind)];
  if (node.town) facts.splice(0, 1, node.admin1, peopleText(node));
  parts.push(el("div", { class: "sr-fact", text: facts.filter(Boolean).join(" · ") }));
  if (node.town) {
    const state = scene.places.states[i] || "open";
    const shown = townShown(scene, i);
    parts.push(
      el("div", { class: "sr-state" }, [
        legendKey("town", shown === state ? state : `${state} ${shown}`),
        el("span", { text: t(`town.${shown}`) }),
      ]),
    );
    const fuel = fuelWord(scene, i);
    if (fuel) {
      const told = el("span", { text: t("fuel.of", { word: t(`fuel.${fuel}`) }) });
      parts.push(el("div", { class: "sr-state" }, [legendKey("fuel", fuel), told]));
    }
    parts.push(el("div", { class: "sr-act", text: t("act.town") }));
  } else if (node.supply) {
    const off = scene.places.isOff(i);
    parts.push(el("div", { class: "sr-state", text: t(off ? "supply.off" : "supply.on") }));
    parts.push(el("div", { class: "sr-act", text: t("act.look") }));
  }
  return parts;
}

/**
 * @param {Scene} scene
 * @param {number} i
 */
export function nodeSpoken(scene, i) {
  const node = scene.network.nodes[i];
  if (node.supply) {
    const off = scene.places.isOff(i);
    return `${node.name}. ${t(off ? "supply.off" : "supply.on")}`;
  }
  const fuel = fuelWord(scene, i);
  const told = fuel ? `. ${t("fuel.of", { word: t(`fuel.${fuel}`) })}` : "";
  return `${node.name}, ${peopleText(node)}. ${t(`town.${townShown(scene, i)}`)}${told}`;
}

/** @param {Airport} place */
export const airportTip = (place) => [
  el("strong", { text: place.name }),
  el("div", {
    class: "sr-fact",
    text: [t("kind.airport"), place.code].filter(Boolean).join(" · "),
  }),
];

/** @param {Railway} part */
export const railwayTip = (part) => [
  el("strong", { text: part.name[lang] || part.name.en }),
  el("div", { class: "sr-state", text: known("rail.", part.status) }),
  el("div", {
    class: "sr-fact",
    text: [formatDate(part.status_date), part.source_name].filter(Boolean).join(" · "),
  }),
];
