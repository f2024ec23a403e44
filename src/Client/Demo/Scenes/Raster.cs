using System.Numerics;

namespace MedGenCluster.Client.Demo.Scenes;

/// <summary>The colour of a point of a scene; structs, so that the pixel loop inlines them.</summary>
public interface IShader
{
    /// <summary>Red, green and blue in 0..255 (values outside are clamped) at a point in scene units.</summary>
    Vector3 At(float u, float v);
}

/// <summary>
/// An RGB24 frame that is drawn in scene units: the camera looks at (0, 0), v grows downwards and spans -0.5..0.5 over
/// the frame's height at zoom 1, u has the same scale.
/// </summary>
public sealed partial class Raster
{
    private float _cameraU;
    private float _cameraV;
    private float _scale;

    /// <summary>An all-black frame.</summary>
    /// <param name="width">Pixels, at least 8.</param>
    /// <param name="height">Pixels, at least 8.</param>
    public Raster(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 8);
        Width = width;
        Height = height;
        Pixels = new byte[width * height * 3];
        _scale = height;
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Row-major RGB, three bytes a pixel, no padding.</summary>
    public byte[] Pixels { get; }

    /// <summary>Half of the frame's width in scene units at zoom 1.</summary>
    public float HalfWidth => 0.5f * Width / Height;

    /// <summary>Points the camera at (u, v); a zoom above 1 shows less of the scene.</summary>
    public void LookAt(float u, float v, float zoom)
    {
        _cameraU = u;
        _cameraV = v;
        _scale = zoom * Height;
    }

    /// <summary>Colours every pixel with the shader.</summary>
    public void Shade<TShader>(in TShader shader) where TShader : struct, IShader
    {
        var at = 0;
        var pixels = Pixels;
        var step = 1f / _scale;
        var left = _cameraU - (0.5f * (Width - 1) * step);
        for (var y = 0; y < Height; y++)
        {
            var v = _cameraV + ((y + 0.5f - (0.5f * Height)) * step);
            for (var x = 0; x < Width; x++, at += 3)
            {
                var colour = Vector3.Min(Vector3.Max(shader.At(left + (x * step), v), Vector3.Zero), new Vector3(255f));
                pixels[at] = (byte)colour.X;
                pixels[at + 1] = (byte)colour.Y;
                pixels[at + 2] = (byte)colour.Z;
            }
        }
    }

    /// <summary>
    /// Multiplies the frame by a soft patch of light centred at (x, y) in 0..1 of the frame: from <paramref name="low"/>
    /// far away to <paramref name="high"/> at the centre.
    /// </summary>
    public void Light(float x, float y, float low, float high)
    {
        Span<int> columns = stackalloc int[Width];
        for (var i = 0; i < Width; i++)
            columns[i] = (int)(256f * Falloff((i / (float)Width) - x));
        var lowGain = (int)(256f * low);
        var range = (int)(256f * (high - low));
        var pixels = Pixels;
        for (int row = 0, at = 0; row < Height; row++)
        {
            var weight = (int)(256f * Falloff((row / (float)Height) - y));
            for (var i = 0; i < Width; i++)
            {
                var gain = lowGain + ((range * ((columns[i] * weight) >> 8)) >> 8);
                pixels[at] = (byte)Math.Min(255, (pixels[at] * gain) >> 8);
                pixels[at + 1] = (byte)Math.Min(255, (pixels[at + 1] * gain) >> 8);
                pixels[at + 2] = (byte)Math.Min(255, (pixels[at + 2] * gain) >> 8);
                at += 3;
            }
        }
    }

    private static float Falloff(float distance) => 1f / (1f + (6f * distance * distance));

    private float ToX(float u) => ((u - _cameraU) * _scale) + (0.5f * Width);

    private float ToY(float v) => ((v - _cameraV) * _scale) + (0.5f * Height);
}
