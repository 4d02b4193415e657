import { createTheme } from '@grafana/data';
import { GlobalStyles, PortalContainer, ThemeContext } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import type { Drawn, Scene } from '../shared/model';
import { Board } from './Board';
import './page.css';

/** Time for charts, which are drawn on a canvas after the browser has laid out their panel. */
const SETTLED_MS = 500;

const scene: Scene = await (await fetch('/scene.json')).json();
await Promise.all(['400', '500'].map((weight) => document.fonts.load(`${weight} 14px Inter`)));

const expected = scene.panels.filter(({ panel }) => panel.type !== 'row').length;
const told = new Map<number, Drawn>();

function onDrawn(index: number, drawn: Drawn): void {
  told.set(index, drawn);
  if (told.size === expected) {
    // A panel may report an error after its first result; the newest report counts.
    setTimeout(() => {
      window.drawn = [...told.keys()].sort((one, other) => one - other).map((each) => told.get(each)!);
    }, SETTLED_MS);
  }
}

createRoot(document.getElementById('root')!).render(
  <ThemeContext.Provider value={createTheme({ colors: { mode: scene.theme } })}>
    <GlobalStyles />
    <Board scene={scene} onDrawn={onDrawn} />
    <PortalContainer />
  </ThemeContext.Provider>,
);
