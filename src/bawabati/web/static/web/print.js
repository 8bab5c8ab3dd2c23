"use strict";
// The receipt's print page: opens the print dialog. Without scripts the page says where to find it.
window.addEventListener("load", () => window.print());
