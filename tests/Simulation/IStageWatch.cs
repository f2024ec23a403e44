using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Simulation;

/// <summary>Told what simulated stages do, by the stage that does it.</summary>
public interface IStageWatch
{
    void Began(StageId stage, string item);

    /// <summary>The stage has a result of the item; of one that was called off nothing is said.</summary>
    void Ended(StageId stage, string item);
}
