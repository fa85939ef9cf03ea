// Forms on a site of one's own: <div data-groundswell="webinar:ID | whitepaper:ID | booking:ID"></div>, and this script.
// Everything is made of elements and text: nothing that comes from elsewhere is ever read as HTML.
(() => {
  "use strict";
  const api = new URL("/api/v1/business", (document.currentScript || {}).src || location.href).href;
  const TEXTS = {
    en: { email: "E-mail", name: "Name", company: "Company", notes: "What is it about?", time: "Time", webinar: "Register",
      whitepaper: "Download", booking: "Book", none: "No time is free at the moment.", failed: "This did not work: ",
      confirmed: "Confirmed. Please look into your mailbox.", pending: "Your request has arrived.",
      waitlisted: "All seats are taken: you are on the waitlist.", offered: "A seat is free for you: see your mailbox.",
      sent: "The link is on its way to your mailbox.", file: "Download the file" },
    de: { email: "E-Mail", name: "Name", company: "Firma", notes: "Worum geht es?", time: "Zeit", webinar: "Anmelden",
      whitepaper: "Herunterladen", booking: "Buchen", none: "Zurzeit ist nichts frei.", failed: "Das ging nicht: ",
      confirmed: "Bestätigt. Bitte sehen Sie in Ihr Postfach.", pending: "Ihre Anfrage ist angekommen.",
      waitlisted: "Alle Plätze sind vergeben: Sie stehen auf der Warteliste.",
      offered: "Ein Platz ist für Sie frei: siehe Postfach.", sent: "Der Link ist unterwegs in Ihr Postfach.",
      file: "Datei herunterladen" },
    es: { email: "Correo electrónico", name: "Nombre", company: "Empresa", notes: "¿De qué se trata?", time: "Hora",
      webinar: "Inscribirse", whitepaper: "Descargar", booking: "Reservar", none: "Por el momento no hay horas libres.",
      failed: "No ha funcionado: ", confirmed: "Confirmado. Revise su buzón de correo.",
      pending: "Hemos recibido su solicitud.", waitlisted: "Todas las plazas están ocupadas: está en la lista de espera.",
      offered: "Hay una plaza libre para usted: revise su buzón de correo.",
      sent: "El enlace está en camino a su buzón de correo.", file: "Descargar el archivo" },
    fr: { email: "E-mail", name: "Nom", company: "Entreprise", notes: "De quoi s’agit-il\u00a0?", time: "Heure",
      webinar: "S’inscrire", whitepaper: "Télécharger", booking: "Réserver", none: "Aucune heure n’est libre pour le moment.",
      failed: "Cela n’a pas fonctionné\u00a0: ", confirmed: "Confirmé. Veuillez consulter votre messagerie.",
      pending: "Votre demande nous est parvenue.",
      waitlisted: "Toutes les places sont prises\u00a0: vous êtes sur la liste d’attente.",
      offered: "Une place est libre pour vous\u00a0: veuillez consulter votre messagerie.",
      sent: "Le lien est en route vers votre messagerie.", file: "Télécharger le fichier" },
    it: { email: "E-mail", name: "Nome", company: "Azienda", notes: "Di che cosa si tratta?", time: "Orario",
      webinar: "Iscriviti", whitepaper: "Scarica", booking: "Prenota", none: "Al momento non ci sono orari liberi.",
      failed: "Non ha funzionato: ", confirmed: "Confermato. Controlli la sua casella di posta.",
      pending: "La sua richiesta è arrivata.", waitlisted: "Tutti i posti sono occupati: è in lista d’attesa.",
      offered: "C’è un posto libero per lei: controlli la sua casella di posta.",
      sent: "Il link sta arrivando nella sua casella di posta.", file: "Scarica il file" },
    nl: { email: "E-mail", name: "Naam", company: "Bedrijf", notes: "Waar gaat het over?", time: "Tijd",
      webinar: "Aanmelden", whitepaper: "Downloaden", booking: "Boeken", none: "Er is op dit moment geen tijd vrij.",
      failed: "Dat is niet gelukt: ", confirmed: "Bevestigd. Kijk in uw mailbox.", pending: "Uw aanvraag is aangekomen.",
      waitlisted: "Alle plaatsen zijn bezet: u staat op de wachtlijst.",
      offered: "Er is een plaats voor u vrij: kijk in uw mailbox.", sent: "De link is onderweg naar uw mailbox.",
      file: "Het bestand downloaden" },
    pt: { email: "E-mail", name: "Nome", company: "Empresa", notes: "De que se trata?", time: "Hora",
      webinar: "Inscrever-se", whitepaper: "Descarregar", booking: "Marcar", none: "De momento não há horas livres.",
      failed: "Não funcionou: ", confirmed: "Confirmado. Consulte a sua caixa de correio.",
      pending: "O seu pedido chegou.", waitlisted: "Todos os lugares estão ocupados: está na lista de espera.",
      offered: "Há um lugar livre para si: consulte a sua caixa de correio.",
      sent: "O link vai a caminho da sua caixa de correio.", file: "Descarregar o ficheiro" },
  };
  const language = (document.documentElement.lang || navigator.language || "en").slice(0, 2).toLowerCase();
  const say = TEXTS[language] || TEXTS.en;
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

  const call = async (path, body) => {
    const sent = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(api + path, sent || {});
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.detail || content.message || answer.status);
    return content.data;
  };

  const make = (tag, attributes = {}, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };

  const field = (name, attributes = {}) => {
    const tag = name === "notes" ? "textarea" : "input";
    return make("p", {}, make("label", {}, say[name], " ", make(tag, { name, ...attributes })));
  };

  const attribution = () => {
    const found = { page: (location.origin + location.pathname).slice(0, 200) };
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (/^utm_[a-z]{1,30}$/.test(name)) found[name] = value.slice(0, 200);
    }
    return found;
  };

  const times = async (id) => {
    const slots = await call(`/bookings/slots?type_id=${id}&timezone=${encodeURIComponent(timezone)}`);
    const select = make("select", { name: "starts_at", required: "" });
    for (const { starts_at } of slots) {
      const words = new Date(starts_at).toLocaleString(language, { dateStyle: "full", timeStyle: "short" });
      select.append(make("option", { value: starts_at }, words));
    }
    return slots.length ? make("p", {}, make("label", {}, say.time, " ", select)) : null;
  };

  const THINGS = { webinar: "webinars", whitepaper: "whitepapers", booking: "booking-types" };
  const SEND = {
    webinar: (id, who) => call(`/webinars/${id}/register`, { ...who, timezone }),
    whitepaper: (id, who) => call(`/whitepapers/${id}/download`, who),
    booking: (id, { email, name, ...rest }) =>
      call("/bookings", { type_id: id, timezone, attendee: { email, name }, ...rest }),
  };

  const tell = (place, data) => {
    const words = make("p", { role: "status" });
    if (data.url) words.append(make("a", { href: data.url }, say.file));
    else words.append(data.sent_to ? say.sent : say[data.status] || say.confirmed);
    place.replaceChildren(words);
  };

  const show = async (place) => {
    const [kind, id] = place.dataset.groundswell.split(":");
    if (!SEND[kind] || !/^[\w-]{1,64}$/.test(id || "")) return;
    const thing = await call(`/${THINGS[kind]}/${id}`);
    const form = make("form", { class: `groundswell groundswell-${kind}` });
    if (kind === "booking") {
      const choice = await times(id);
      if (!choice) return place.replaceChildren(make("p", { role: "status" }, say.none));
      form.append(choice);
    }
    form.append(field("email", { type: "email", required: "", autocomplete: "email" }));
    form.append(field("name", { autocomplete: "name" }));
    form.append(kind === "booking" ? field("notes") : field("company", { autocomplete: "organization" }));
    if (thing.consent_text) {
      const box = make("input", { type: "checkbox", name: "consent", value: "yes" });
      form.append(make("p", {}, make("label", {}, box, " ", thing.consent_text)));
    }
    const problem = make("p", { role: "alert" });
    const button = make("button", { type: "submit" }, say[kind]);
    form.append(problem, make("p", {}, button));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      const who = { locale: language, attribution: attribution() };
      for (const [name, value] of new FormData(form)) if (value.trim()) who[name] = value.trim();
      if (who.consent) who.consent = true;
      try {
        tell(place, await SEND[kind](id, who));
      } catch (error) {
        problem.textContent = say.failed + error.message;
        button.disabled = false;
      }
    });
    place.replaceChildren(form);
  };

  const start = () => {
    for (const place of document.querySelectorAll("[data-groundswell]")) {
      show(place).catch((error) => place.replaceChildren(make("p", { role: "alert" }, say.failed + error.message)));
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
