/** How long a toast stays when nobody hovers or focuses it. */
export const TOAST_MILLISECONDS = 6000
