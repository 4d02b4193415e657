// A button that copies a text.

import {element, setText} from './dom.js';

const SHOWN = 1500;

/** A button; what is copied is asked for at the click. Where the browser gives no clipboard, the text is selected instead. */
export function copyButton(what, textOf, selectable) {
  const button = element('button', {type: 'button', class: 'copy', 'aria-label': what}, 'Copy');
  button.addEventListener('click', async () => {
    let said = 'Copied';
    try {
      await navigator.clipboard.writeText(textOf());
    } catch {
      if (selectable) getSelection().selectAllChildren(selectable);
      said = 'Selected';
    }
    setText(button, said);
    setTimeout(() => setText(button, 'Copy'), SHOWN);
  });
  return button;
}
