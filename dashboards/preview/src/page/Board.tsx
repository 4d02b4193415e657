import { Icon } from '@grafana/ui';
import type { Drawn, Panel, Scene } from '../shared/model';
import { PanelView } from './PanelView';

/** Grafana's grid: 24 columns; row height and gap between panels in pixels. */
const COLUMNS = 24;
const ROW = 30;
const GAP = 8;
const MARGIN = 16;
const HEAD = 84;

interface Props {
  scene: Scene;
  /** Called for every panel, with its index among the panels that are not rows. */
  onDrawn: (index: number, drawn: Drawn) => void;
}

/** A whole dashboard: its name, the selected variables, and the grid of panels. */
export function Board({ scene, onDrawn }: Props) {
  const column = (scene.width - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;
  const bottom = Math.max(...scene.panels.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h));
  const boxOf = ({ gridPos: { x, y, w, h } }: Panel) => ({
    left: MARGIN + x * (column + GAP),
    top: HEAD + y * (ROW + GAP),
    width: w * (column + GAP) - GAP,
    height: h * (ROW + GAP) - GAP,
  });
  let index = 0;
  return (
    <div className="board" style={{ width: scene.width, height: HEAD + bottom * (ROW + GAP) + MARGIN - GAP }}>
      <header>
        <h1>{scene.title}</h1>
        {scene.choices.map(({ label, text }) => (
          <span key={label} className="choice">
            <b>{label}</b> {text}
          </span>
        ))}
      </header>
      {scene.panels.map((asked) => {
        const { panel } = asked;
        const box = boxOf(panel);
        if (panel.type === 'row') {
          return (
            <div key={panel.id} className="row" style={box}>
              <Icon name={panel.collapsed ? 'angle-right' : 'angle-down'} /> {panel.title}
              {panel.collapsed && <small>({panel.panels?.length ?? 0} panels)</small>}
            </div>
          );
        }
        const place = index++;
        return (
          <div key={panel.id} className="cell" style={box}>
            <PanelView
              asked={asked}
              from={scene.from}
              to={scene.to}
              width={Math.floor(box.width)}
              height={box.height}
              onDrawn={(drawn) => onDrawn(place, drawn)}
            />
          </div>
        );
      })}
    </div>
  );
}
