"""How Django draws a form that no layout draws: `{{ form }}` and `{{ form.name.as_field_group }}` in our look."""

from django.forms.renderers import TemplatesSetting


class LookRenderer(TemplatesSetting):
    """`settings.FORM_RENDERER`. Widgets come from `templates/django/forms/widgets`, groups from `templates/forms`."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
