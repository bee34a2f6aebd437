import type { ReactNode } from 'react'
import { Button, Tree, TreeItem, TreeItemContent } from 'react-aria-components/Tree'
import { given } from '../given.ts'
import { Icon } from '../icons/icon.tsx'
import type { IconName } from '../icons/icon-paths.ts'
import s from './tree-view.module.css'

export interface TreeNode {
  readonly id: string
  readonly label: string
  readonly icon?: IconName | undefined
  /** Quieter, at the right: size, count. */
  readonly note?: ReactNode
  readonly children?: readonly TreeNode[] | undefined
}

export interface TreeViewProps {
  readonly label: string
  readonly nodes: readonly TreeNode[]
  readonly selected?: string | undefined
  readonly onSelect?: ((id: string) => void) | undefined
  /** Ids of the branches that stand open at first. */
  readonly open?: readonly string[] | undefined
  readonly className?: string | undefined
}

function Node({ node }: { node: TreeNode }) {
  const branch = node.children !== undefined
  return (
    <TreeItem id={node.id} textValue={node.label} className={s.item ?? ''}>
      <TreeItemContent>
        <span className={s.inside}>
          {branch ? (
            <Button slot="chevron" className={s.twisty ?? ''}>
              <Icon name="right" size={10} />
            </Button>
          ) : (
            <span style={{ width: 10 }} />
          )}
          {node.icon === undefined ? null : <Icon name={node.icon} size={13} />}
          <span className="cut">{node.label}</span>
          {node.note === undefined ? null : <span className={s.note}>{node.note}</span>}
        </span>
      </TreeItemContent>
      {node.children?.map((child) => (
        <Node key={child.id} node={child} />
      ))}
    </TreeItem>
  )
}

/** Files in folders, keys in keys. Arrows move and open; typing finds. Not windowed: for up to some thousand nodes. */
export function TreeView({ label, nodes, selected, onSelect, open = [], className }: TreeViewProps) {
  return (
    <Tree
      aria-label={label}
      className={`${s.tree ?? ''} ${className ?? ''}`}
      selectionMode={onSelect === undefined ? 'none' : 'single'}
      selectionBehavior="replace"
      defaultExpandedKeys={open}
      {...given({ selectedKeys: selected === undefined ? undefined : [selected] })}
      onSelectionChange={(keys) => {
        if (keys === 'all') return
        const [first] = keys
        if (first !== undefined) onSelect?.(String(first))
      }}
    >
      {nodes.map((node) => (
        <Node key={node.id} node={node} />
      ))}
    </Tree>
  )
}
