namespace MedGenCluster.Client.Demo.Scenes;

/// <summary>A picture that depends on nothing but its seed and the time.</summary>
public interface IScene
{
    /// <summary>Draws the whole frame.</summary>
    /// <param name="raster">The frame; every pixel is overwritten.</param>
    /// <param name="t">Seconds since the scene began, 0 or more.</param>
    void Render(Raster raster, double t);
}
