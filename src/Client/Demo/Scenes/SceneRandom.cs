using System.Numerics;

namespace MedGenCluster.Client.Demo.Scenes;

/// <summary>Seeded choices of a scene's constructor.</summary>
internal static class SceneRandom
{
    /// <summary>Uniform between two bounds.</summary>
    public static float Between(this Random random, float low, float high) => low + ((high - low) * random.NextSingle());

    /// <summary>The colour with each channel shifted by at most <paramref name="spread"/>.</summary>
    public static Vector3 Near(this Random random, Vector3 colour, float spread) =>
        colour + new Vector3(random.Between(-spread, spread), random.Between(-spread, spread), random.Between(-spread, spread));
}
