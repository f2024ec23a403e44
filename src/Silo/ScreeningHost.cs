using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Keywords;
using MedGenCluster.Engine.Screening;
using MedGenCluster.GpuWorkers.Catalog;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.GpuWorkers.Text;

namespace MedGenCluster.Silo;

/// <summary>Puts a screening together: the dictionary, and the text classifier of the model pack, which is loaded only when a run asks for it.</summary>
public sealed class ScreeningHost(HostOptions options) : IAsyncDisposable
{
    private ModelCatalog? _models;

    /// <param name="terms">File of further terms; null where there is none.</param>
    /// <exception cref="DictionaryException">The file of terms cannot be used.</exception>
    public ScreeningRun Create(ScreeningOptions screening, string? terms)
    {
        var dictionary = terms is null ? KeywordDictionary.Standard : KeywordDictionary.Standard.WithTermsOf(terms);
        return new ScreeningRun(new KeywordMatcher(dictionary), Classifier, screening);
    }

    public async ValueTask DisposeAsync()
    {
        if (_models is not null)
        {
            await _models.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <exception cref="ModelException">The pack cannot be used or has no text classifier.</exception>
    private ITextClassifier Classifier()
    {
        if (_models is null)
        {
            var pack = ModelPack.Load(options.ModelsPath);
            var runtime = InferenceRuntime.TryCreate(options.Inference, out var none);
            _models = new ModelCatalog(pack, runtime, none, new ModelCatalogOptions(), TimeProvider.System);
        }

        return new TextClassifier(_models);
    }
}
