using System.Collections.Concurrent;
using MedGenCluster.Curation.Captioning;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Stages;
using MedGenCluster.GpuWorkers.Captioning;

namespace MedGenCluster.Silo;

/// <summary>The captioner of each job's options, made once.</summary>
internal sealed class CaptionerPool : IDisposable
{
    private readonly ConcurrentDictionary<CaptionOptions, ICaptioner> _captioners = new();

    /// <summary>The offline template captioner where no endpoint is named.</summary>
    /// <exception cref="ModelException">The options cannot be used, for example a key that is not in the environment.</exception>
    public ICaptioner For(CaptionOptions options) => _captioners.GetOrAdd(options, Create);

    public void Dispose()
    {
        foreach (var captioner in _captioners.Values.OfType<IDisposable>())
        {
            captioner.Dispose();
        }
    }

    private static ICaptioner Create(CaptionOptions options)
    {
        if (options.Endpoint.Length == 0)
        {
            return new TemplateCaptioner();
        }

        if (!Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var endpoint))
        {
            throw new ModelException($"The caption endpoint '{options.Endpoint}' is no URL; give one such as http://127.0.0.1:8000/v1.");
        }

        var settings = new OpenAiCaptionerOptions
        {
            Endpoint = endpoint,
            Model = options.Model,
            ApiKeyVariable = options.KeyVariable,
            Concurrency = options.Concurrency,
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
        };
        var errors = settings.Validate(Environment.GetEnvironmentVariable);
        return errors.Count == 0
            ? new OpenAiCaptioner(settings, Environment.GetEnvironmentVariable(options.KeyVariable), TimeProvider.System)
            : throw new ModelException(string.Join(" ", errors));
    }
}
