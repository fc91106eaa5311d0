/* The script of every page, as small modules served as they are: no build, no framework, no eval, no inline handlers.

   Behaviour hangs on data attributes and on listeners of the document, so HTML that htmx swaps in works at once.
   Addresses, key names and words are never written here: the markup carries them. See docs/look.md for the attributes.
   Oldest browsers that must still bill: Chrome and Edge 109, Firefox 115, Safari 16.4. */
import "./dialogs.js";
import "./menus.js";
import "./keys.js";
import "./keysheet.js";
import "./lists.js";
import "./combobox.js";
import "./palette.js";
import "./linegrid.js";
import "./forms.js";
import "./printing.js";
import "./rows.js";
import "./dropzone.js";
import "./expiry.js";
import "./theme.js";
import "./toasts.js";
import "./polling.js";
import "./camera.js";
