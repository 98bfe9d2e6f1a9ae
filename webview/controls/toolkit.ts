// The one place that knows @vscode/webview-ui-toolkit. The toolkit is no longer developed: to
// replace it, give these functions other elements with the same properties and events.

import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

/** A field for one line of text. */
export interface TextFieldElement extends HTMLElement {
  value: string;
  placeholder: string;
  disabled: boolean;
}

/** A list to choose one from; fires `change`. */
export interface DropdownElement extends HTMLElement {
  value: string;
  disabled: boolean;
}

/** A button; fires `click`. */
export interface ButtonElement extends HTMLElement {
  disabled: boolean;
}

/** Registers the controls. Call it once, after the theme's variables are in force. */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextField(),
  );
}

export function createButton(
  label: string,
  look: 'primary' | 'secondary' | 'icon',
  onClick: () => void,
): ButtonElement {
  const button = document.createElement('vscode-button') as ButtonElement;
  button.setAttribute('appearance', look);
  if (look === 'icon') button.setAttribute('aria-label', label);
  else button.textContent = label;
  button.addEventListener('click', onClick);
  return button;
}

export function createTextField(label: string, placeholder: string, value = ''): TextFieldElement {
  const field = document.createElement('vscode-text-field') as TextFieldElement;
  field.setAttribute('placeholder', placeholder);
  // The toolkit takes the accessible name from the content; the style sheet hides it from the eye.
  field.textContent = label;
  field.setAttribute('spellcheck', 'false');
  field.setAttribute('autocomplete', 'off');
  if (value !== '') field.setAttribute('value', value);
  return field;
}

export function createDropdown(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  selected: string,
  onChange: (value: string) => void,
): DropdownElement {
  const dropdown = document.createElement('vscode-dropdown') as DropdownElement;
  dropdown.setAttribute('aria-label', label);
  for (const [value, text] of options) {
    const option = document.createElement('vscode-option');
    option.setAttribute('value', value);
    if (value === selected) option.setAttribute('selected', '');
    option.textContent = text;
    dropdown.append(option);
  }
  dropdown.addEventListener('change', () => onChange(dropdown.value));
  return dropdown;
}
