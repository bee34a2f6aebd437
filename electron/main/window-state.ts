import { join } from 'node:path'
import type { Rectangle } from 'electron'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '#electron/platform/json-file.ts'

const Place = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  maximized: z.boolean(),
})
export type WindowPlace = z.infer<typeof Place>

const State = z.object({
  /** Where each project's window was, newest last; '' is the window without a project. */
  places: z.array(z.tuple([z.string(), Place])).readonly(),
  /** The projects whose windows were open. */
  open: z.array(z.string()).max(50).readonly(),
})
export type WindowState = z.infer<typeof State>

/** Windows to remember; older ones are forgotten. */
const MOST = 100
const FIRST = { width: 1440, height: 900 }
export const SMALLEST = { width: 800, height: 560 }

const fileIn = (dataFolder: string): string => join(dataFolder, 'windows.json')

/** The state as it was left; empty where there is none or it is damaged. */
export function readWindowState(dataFolder: string): WindowState {
  return readJsonFile(fileIn(dataFolder), State) ?? { places: [], open: [] }
}

/** Keeps the state. A full or read-only disk costs the place of a window, nothing else. */
export function writeWindowState(dataFolder: string, state: WindowState): void {
  try {
    writeJsonFile(fileIn(dataFolder), state)
  } catch {
    // The window opens at its first place next time.
  }
}

/** The state with a window's place in it, as the newest. */
export function withPlace(state: WindowState, project: string, place: WindowPlace): WindowState {
  const others = state.places.filter(([name]) => name !== project)
  const newest: [string, WindowPlace] = [project, place]
  return { ...state, places: [...others, newest].slice(-MOST) }
}

/**
 * Where a project's window goes: its own last place, else that of the newest window moved by 24 px, else the middle of the first
 * display; always with a size that fits, and inside a display that is there now. Lengths in display-independent pixels.
 */
export function placeFor(state: WindowState, project: string, workAreas: readonly Rectangle[]): WindowPlace {
  const own = state.places.find(([name]) => name === project)?.[1]
  const newest = state.places.at(-1)?.[1]
  const wanted = own ?? (newest && { ...newest, x: newest.x + 24, y: newest.y + 24, maximized: false })
  const [first] = workAreas
  if (first === undefined) return wanted ?? { x: 0, y: 0, ...FIRST, maximized: false }
  const area = (wanted && workAreas.toSorted((a, b) => shared(b, wanted) - shared(a, wanted))[0]) ?? first
  const width = Math.min(Math.max(wanted?.width ?? FIRST.width, SMALLEST.width), area.width)
  const height = Math.min(Math.max(wanted?.height ?? FIRST.height, SMALLEST.height), area.height)
  return {
    x: clamp(wanted?.x ?? area.x + Math.round((area.width - width) / 2), area.x, area.x + area.width - width),
    y: clamp(wanted?.y ?? area.y + Math.round((area.height - height) / 2), area.y, area.y + area.height - height),
    width,
    height,
    maximized: wanted?.maximized ?? false,
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}

/** The area that two rectangles share. */
function shared(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}
