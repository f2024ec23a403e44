using System.Numerics;
using System.Runtime.CompilerServices;

namespace MedGenCluster.Client.Demo.Scenes;

/// <summary>Cheap scalar functions of the shaders.</summary>
internal static class Geometry
{
    /// <summary>Approximate signed distance to an ellipse at the origin, turned by the angle of (cos, sin).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Ellipse(float u, float v, float ru, float rv, float cos = 1f, float sin = 0f)
    {
        var x = ((u * cos) + (v * sin)) / ru;
        var y = ((v * cos) - (u * sin)) / rv;
        var length = MathF.Sqrt((x * x) + (y * y));
        var slope = MathF.Sqrt((x * x / (ru * ru)) + (y * y / (rv * rv)));
        return slope < 1e-6f ? -MathF.Min(ru, rv) : length * (length - 1f) / slope;
    }

    /// <summary>Angle of (y, x) in turns, -0.5..0.5, within 0.001: a tenth of the cost of the exact function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Turns(float y, float x)
    {
        var ax = MathF.Abs(x);
        var ay = MathF.Abs(y);
        var ratio = MathF.Min(ax, ay) / (MathF.Max(ax, ay) + 1e-9f);
        var turns = ratio * (0.1588f - (0.0338f * ratio * ratio));
        turns = ay > ax ? 0.25f - turns : turns;
        turns = x < 0f ? 0.5f - turns : turns;
        return y < 0f ? -turns : turns;
    }

    /// <summary>0 below <paramref name="from"/>, 1 above <paramref name="to"/>, smooth between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Smooth(float from, float to, float x)
    {
        var s = Math.Clamp((x - from) / (to - from), 0f, 1f);
        return s * s * (3f - (2f * s));
    }

    /// <summary>The part after the point, 0..1 for negative numbers too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fraction(float x) => x - MathF.Floor(x);

    /// <summary>A slow swing around 0 with amplitude 1: two sines whose periods share no short multiple.</summary>
    public static float Swing(double t, double period, double phase) =>
        (float)((0.65 * Math.Sin((2 * Math.PI * t / period) + phase)) + (0.35 * Math.Sin((2 * Math.PI * t / (period * 0.618)) + (2.3 * phase))));

    /// <summary>A colour from three numbers of 0..255.</summary>
    public static Vector3 Rgb(float r, float g, float b) => new(r, g, b);
}
