import * as monaco from 'monaco-editor/editor.js'
import 'monaco-editor/languages/definitions/python/register.js'
import 'monaco-editor/languages/definitions/yaml/register.js'
import 'monaco-editor/languages/definitions/shell/register.js'
import 'monaco-editor/languages/definitions/ini/register.js'
import 'monaco-editor/languages/definitions/javascript/register.js'
import 'monaco-editor/languages/definitions/sql/register.js'
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker'

type Viewer = { readonly dispose: () => void }

const LANGUAGES: Readonly<Record<string, string>> = {
  py: 'python',
  pyw: 'python',
  yaml: 'yaml',
  yml: 'yaml',
  sh: 'shell',
  bash: 'shell',
  toml: 'ini',
  ini: 'ini',
  cfg: 'ini',
  js: 'javascript',
  json: 'javascript',
  sql: 'sql',
}

/** Puts a read-only editor into an element, in the page's own colours; `dispose` takes it away. */
export function createViewer(element: HTMLElement, text: string, path: string): Viewer {
  self.MonacoEnvironment ??= { getWorker: () => new EditorWorker() }
  applyTheme()
  const model = monaco.editor.createModel(text, LANGUAGES[path.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'plaintext')
  const editor = monaco.editor.create(element, {
    model,
    readOnly: true,
    domReadOnly: true,
    ariaLabel: path,
    automaticLayout: true,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
    fontSize: 11.5,
    lineHeight: 18,
    fontLigatures: false,
    renderLineHighlight: 'none',
    overviewRulerLanes: 0,
    contextmenu: false,
    unicodeHighlight: { ambiguousCharacters: false },
    largeFileOptimizations: true,
  })
  const themes = new MutationObserver(applyTheme)
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const media = matchMedia('(prefers-color-scheme: dark)')
  media.addEventListener('change', applyTheme)
  return {
    dispose: () => {
      themes.disconnect()
      media.removeEventListener('change', applyTheme)
      editor.dispose()
      model.dispose()
    },
  }
}

/** The tokens as the editor's theme. Monaco knows only sRGB, so the browser is asked what each OKLCH colour comes to. */
function applyTheme(): void {
  const colour = (token: string): string => toHex(getComputedStyle(document.documentElement).getPropertyValue(token))
  const dark = getComputedStyle(document.documentElement).colorScheme === 'dark' || isDark(colour('--canvas'))
  monaco.editor.defineTheme('benchtop', {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: 'keyword', foreground: colour('--syn-key').slice(1) },
      { token: 'string', foreground: colour('--syn-str').slice(1) },
      { token: 'number', foreground: colour('--syn-num').slice(1) },
      { token: 'comment', foreground: colour('--text-3').slice(1) },
    ],
    colors: {
      'editor.background': colour('--canvas'),
      'editor.foreground': colour('--text-1'),
      'editorLineNumber.foreground': colour('--text-3'),
      'editor.selectionBackground': colour('--selected'),
      'editorWidget.background': colour('--raised'),
      'editorWidget.border': colour('--line-2'),
    },
  })
  monaco.editor.setTheme('benchtop')
}

function toHex(value: string): string {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (context === null) return '#808080'
  // light-dark() is a value of CSS, not of canvas: let an element resolve it first.
  const probe = document.createElement('span')
  probe.style.color = value
  document.body.append(probe)
  context.fillStyle = getComputedStyle(probe).color
  probe.remove()
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

function isDark(hex: string): boolean {
  return Number.parseInt(hex.slice(1, 3), 16) < 128
}
