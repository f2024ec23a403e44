using MedGenCluster.GpuWorkers.Bench;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Running;
using MedGenCluster.Silo.Views;
using MedGenCluster.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGenCluster.Silo.Api;

/// <summary>The host itself: silos, workers, lanes, models, storage, and what runs in the background.</summary>
internal static class SystemEndpoints
{
    public static void Map(IEndpointRouteBuilder api, RunningHost running)
    {
        var views = new SystemViews(running);
        api.MapGet("/system", () => views.Of()).WithTags("System").WithSummary("Silos, workers, lanes, models and storage.");
        api.MapGet("/models", () => SystemViews.Models(running.Host)).WithTags("System").WithSummary("The model pack.");
        api.MapPost("/models/verify", () => Verify(running)).WithTags("System").WithSummary("Checks every file of the model pack.");
        api.MapPost("/models/bench", () => Bench(running)).Produces<Operation>(202).WithTags("System").WithSummary("Throughput and latency of every model on the host.");
        api.MapGet("/operations", () => running.Operations.All()).WithTags("System").WithSummary("What runs or ran in the background, newest first.");
        api.MapGet("/operations/{id}", (string id) => running.Operations.Find(id) is { } operation ? TypedResults.Ok(operation) : Problems.NotFound($"There is no operation {id}; the last 50 since the host's start are kept."))
            .Produces<Operation>().WithTags("System").WithSummary("One operation.");
    }

    private static IReadOnlyList<ModelCheck> Verify(RunningHost running)
    {
        var pack = ModelPack.Load(running.Host.Options.ModelsPath);
        return [.. pack.Verify(InferenceRuntime.TryCreate(running.Host.Options.Inference, out _)).Select(check => new ModelCheck(check.Role, check.Status.ToString().ToLowerInvariant(), check.Sentence))];
    }

    private static IResult Bench(RunningHost running)
    {
        var operation = running.Operations.Start("models-bench", "", "Models on this host", (_, stop) => Task.FromResult<object?>(
            ModelBench.Run(ModelPack.Load(running.Host.Options.ModelsPath), InferenceRuntime.TryCreate(running.Host.Options.Inference, out var none), none, new ModelBenchOptions(), stop).ToList()));
        return operation is null ? Problems.Conflict("A benchmark of the models is running; wait for its end.") : TypedResults.Accepted($"/api/operations/{operation.Id}", operation);
    }
}
