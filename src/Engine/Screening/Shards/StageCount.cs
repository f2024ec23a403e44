namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>Rows that passed the keyword stage, and those of them that survived.</summary>
public readonly record struct StageCount(long Hits, long Survivors)
{
    public static StageCount operator +(StageCount a, StageCount b) => new(a.Hits + b.Hits, a.Survivors + b.Survivors);
}
