using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Analytics.Http;

/// <summary>Binds texts as they stand: blanks are a text, and only a parameter without a value is none.</summary>
sealed class ExactTexts : IModelBinderProvider, IModelBinder
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context) => context.Metadata.ModelType == typeof(string) ? this : null;

    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var sent = bindingContext.ValueProvider.GetValue(bindingContext.ModelName);
        if (sent == ValueProviderResult.None)
            return Task.CompletedTask;
        bindingContext.ModelState.SetModelValue(bindingContext.ModelName, sent);
        bindingContext.Result = ModelBindingResult.Success(sent.FirstValue is { Length: > 0 } text ? text : null);
        return Task.CompletedTask;
    }
}
