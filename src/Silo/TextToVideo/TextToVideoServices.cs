using MedGenCluster.Curation.Media;
using MedGenCluster.Engine.Generation;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Training;
using MedGenCluster.GpuWorkers.Trainer;
using Microsoft.Extensions.Logging;

namespace MedGenCluster.Silo.TextToVideo;

/// <summary>Batch generations and training runs of a data directory, and the workers that carry them out.</summary>
public sealed class TextToVideoServices(ILedger ledger, IMediaStore media, string root, TrainerOptions options, TimeProvider time, ILoggerFactory logs)
{
    /// <summary>Where the trainer is.</summary>
    public TrainerOptions Options => options;

    public IGenerationLedger Generations => (IGenerationLedger)ledger;

    public ITrainingLedger Trainings => (ITrainingLedger)ledger;

    public GenerationWorker CreateGenerationWorker() => new(
        Generations, media, new VideoSamplers(options, time), WorkerIdentity.Own(), new GenerationWorkerOptions(), time, logs.CreateLogger<GenerationWorker>());

    public TrainingWorker CreateTrainingWorker() => new(
        Trainings, media, new TrainerPrograms(options, time), WorkerIdentity.Own(), new TrainingWorkerOptions { Root = Path.Combine(root, "training") }, time, logs.CreateLogger<TrainingWorker>());

    /// <summary>Both workers in the background, until it is disposed. They start programs only where there is work for them.</summary>
    public TextToVideoWorkers StartWorkers() => new(CreateGenerationWorker(), CreateTrainingWorker(), time, logs.CreateLogger<TextToVideoWorkers>());
}
