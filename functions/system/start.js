const openapi = document.currentScript.dataset.document;
if (window.SwaggerUIBundle) {
  SwaggerUIBundle({ url: openapi, dom_id: "#viewer", deepLinking: true, presets: [SwaggerUIBundle.presets.apis], validatorUrl: null });
} else {
  Redoc.init(openapi, {}, document.getElementById("viewer"));
}
