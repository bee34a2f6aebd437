/** How every marker begins. */
export const MARKER_START = '‹secret: '

/** What stands where a secret stood; it says the kind and holds none of the secret's characters. */
export function secretMarker(kind: string): string {
  return `${MARKER_START}${kind}›`
}

const MARKER = /^‹secret: [a-z0-9 &.-]{1,40}›$/i

/** Whether a whole value is a marker already, so that masking twice changes nothing. */
export function isSecretMarker(text: string): boolean {
  return MARKER.test(text)
}

const MARKERS = /(‹secret: [a-z0-9 &.-]{1,40}›)/i

/** Changes the parts of a text that are not markers. */
export function outsideMarkers(text: string, change: (part: string) => string): string {
  if (!text.includes(MARKER_START)) return change(text)
  return text
    .split(MARKERS)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('')
}
