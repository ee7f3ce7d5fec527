// Shows the API's document. A file of its own, because our pages allow no script within them.
const place = document.getElementById("swagger-ui");
window.ui = SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  tryItOutEnabled: false,
  // What was typed into a try must not outlive the page.
  persistAuthorization: false,
  validatorUrl: null,
});
