using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes;

/// <summary>
/// A scene filmed by a slowly drifting camera under slowly moving light. The drift is small over one second (neighbouring
/// samples look alike) and large over some seconds (two clips of one long scene are no near-duplicates).
/// </summary>
internal sealed class DriftingScene(IScene inner, int seed) : IScene
{
    private readonly double _phase = seed % 6283 / 1000.0;

    public void Render(Raster raster, double t)
    {
        var zoom = 1.07f + (0.07f * Swing(t, 31, _phase));
        raster.LookAt(0.05f * Swing(t, 23, _phase + 1), 0.04f * Swing(t, 19, _phase + 2), zoom);
        inner.Render(raster, t);
        raster.Light(0.5f + (0.55f * Swing(t, 21, _phase + 3)), 0.5f + (0.5f * Swing(t, 27, _phase + 4)), 0.74f, 1.2f);
    }
}
