import { type HTMLElement, parse } from 'node-html-parser';

export interface FormAnswers {
  userName: string;
  decision: 'allow' | 'deny';
  /** Values by input name; they win over everything else. */
  fields: Record<string, string>;
}

export interface FilledForm {
  url: URL;
  method: 'GET' | 'POST';
  values: URLSearchParams;
}

interface ParsedPage {
  title: string;
  form: HTMLElement | undefined;
}

const REFUSING = /^(deny|cancel|decline|reject|no|false)$/i;
const BUTTON_TYPES = new Set(['submit', 'button', 'reset', 'image', 'file']);
const USER_NAMES = new Set(['username', 'user', 'login', 'email']);

export function parsePage(html: string): ParsedPage {
  const document = parse(html);
  return {
    title: document.querySelector('title')?.text.trim() ?? '',
    form: document.querySelector('form') ?? undefined,
  };
}

function typeOf(element: HTMLElement): string {
  const isButton = element.tagName === 'BUTTON';
  return (element.getAttribute('type') ?? (isButton ? 'submit' : 'text')).toLowerCase();
}

function selectedOption(select: HTMLElement): string {
  const options = select.querySelectorAll('option');
  const chosen = options.find((option) => option.hasAttribute('selected')) ?? options[0];
  return chosen?.getAttribute('value') ?? chosen?.text.trim() ?? '';
}

/** What the element holds without anybody typing; `undefined` where it is not sent at all. */
function presetValue(element: HTMLElement): string | undefined {
  if (element.tagName === 'SELECT') return selectedOption(element);
  if (element.tagName === 'TEXTAREA') return element.text;
  const type = typeOf(element);
  if (BUTTON_TYPES.has(type)) return undefined;
  const isBox = type === 'checkbox' || type === 'radio';
  if (isBox && !element.hasAttribute('checked')) return undefined;
  return element.getAttribute('value') ?? (isBox ? 'on' : '');
}

function asksForUserName(element: HTMLElement, name: string): boolean {
  return element.getAttribute('autocomplete') === 'username' || USER_NAMES.has(name);
}

function valueOf(element: HTMLElement, name: string, answers: FormAnswers): string | undefined {
  const preset = presetValue(element);
  if (preset === undefined || typeOf(element) === 'hidden') return preset;
  const given = Object.hasOwn(answers.fields, name) ? answers.fields[name] : undefined;
  if (given !== undefined) return given;
  return preset === '' && asksForUserName(element, name) ? answers.userName : preset;
}

/** The button that a user of that decision presses. A form with nothing to refuse has one button only. */
function submitButton(form: HTMLElement, decision: FormAnswers['decision']): HTMLElement | undefined {
  const buttons = form.querySelectorAll('button, input').filter((element) => typeOf(element) === 'submit');
  const refuses = (button: HTMLElement) => REFUSING.test(button.getAttribute('value') ?? '');
  return buttons.find((button) => refuses(button) === (decision === 'deny')) ?? buttons[0];
}

/**
 * Fills a form as a user would: hidden and preset values stay, fields by their names, the user name where
 * one is asked for, the button by the decision.
 *
 * @throws Error naming the required fields that no answer fits
 */
export function fillForm(form: HTMLElement, pageUrl: URL, answers: FormAnswers): FilledForm {
  const values = new URLSearchParams();
  const missing: string[] = [];
  for (const element of form.querySelectorAll('input, select, textarea')) {
    const name = element.getAttribute('name');
    if (name === undefined || name === '' || element.hasAttribute('disabled')) continue;
    const value = valueOf(element, name, answers);
    if (value === '' && element.hasAttribute('required')) missing.push(name);
    if (value !== undefined) values.append(name, value);
  }
  if (missing.length > 0) throw new Error(`The form at ${pageUrl.pathname} requires ${missing.join(', ')}`);
  const button = submitButton(form, answers.decision);
  const buttonName = button?.getAttribute('name');
  if (buttonName) values.append(buttonName, button?.getAttribute('value') ?? '');
  return {
    url: new URL(form.getAttribute('action') ?? '', pageUrl),
    method: form.getAttribute('method')?.toLowerCase() === 'post' ? 'POST' : 'GET',
    values,
  };
}
