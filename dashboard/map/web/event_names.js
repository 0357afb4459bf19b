// Names of events.
import { hasText, t } from "./texts.js";

/** @param {string} type */
export const eventName = (type) => (hasText(`event.${type}`) ? t(`event.${type}`) : type);
