using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Tests.Demo;

/// <summary>Helpers of the scene specifications.</summary>
internal static class Frames
{
    public static Raster Render(SceneKind kind, int seed, double t, int width = 212, int height = 120)
    {
        var raster = new Raster(width, height);
        SceneCatalog.Create(kind, seed).Render(raster, t);
        return raster;
    }

    public static double Luma(Raster raster, int x, int y)
    {
        var at = ((y * raster.Width) + x) * 3;
        return (0.299 * raster.Pixels[at]) + (0.587 * raster.Pixels[at + 1]) + (0.114 * raster.Pixels[at + 2]);
    }

    /// <summary>Mean absolute difference of two frames in grey levels.</summary>
    public static double Difference(Raster a, Raster b) => a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).Average();

    /// <summary>Standard deviation of the luma.</summary>
    public static double Contrast(Raster raster)
    {
        var lumas = Enumerable.Range(0, raster.Width * raster.Height).Select(i => Luma(raster, i % raster.Width, i / raster.Width)).ToList();
        var mean = lumas.Average();
        return Math.Sqrt(lumas.Average(luma => (luma - mean) * (luma - mean)));
    }

    public static IEnumerable<double> Side(Raster raster, int side) => side switch
    {
        0 => Enumerable.Range(0, raster.Width).Select(x => Luma(raster, x, 0)),
        1 => Enumerable.Range(0, raster.Width).Select(x => Luma(raster, x, raster.Height - 1)),
        2 => Enumerable.Range(0, raster.Height).Select(y => Luma(raster, 0, y)),
        _ => Enumerable.Range(0, raster.Height).Select(y => Luma(raster, raster.Width - 1, y)),
    };
}
