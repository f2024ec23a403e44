using System.Numerics;

namespace MedGenCluster.Client.Demo.Scenes;

/// <summary>Antialiased shapes: each is stamped over its bounding box by its signed distance (negative inside).</summary>
public sealed partial class Raster
{
    private interface IShape
    {
        float Distance(float u, float v);
    }

    /// <summary>A filled disc; <paramref name="soft"/> widens the edge (scene units) into a glow.</summary>
    public void Disc(float u, float v, float radius, Vector3 colour, float alpha = 1f, float soft = 0f) =>
        Stamp(new DiscShape(u, v, radius), u - radius, v - radius, u + radius, v + radius, colour, alpha, soft);

    /// <summary>A filled ellipse turned by <paramref name="angle"/> radians.</summary>
    public void Ellipse(float u, float v, float radiusU, float radiusV, Vector3 colour, float angle = 0f, float alpha = 1f, float soft = 0f)
    {
        var reach = MathF.Max(radiusU, radiusV);
        Stamp(new EllipseShape(u, v, radiusU, radiusV, MathF.Cos(angle), MathF.Sin(angle)),
            u - reach, v - reach, u + reach, v + reach, colour, alpha, soft);
    }

    /// <summary>A thick line with round ends; <paramref name="radius"/> is half of its thickness.</summary>
    public void Capsule(float u0, float v0, float u1, float v1, float radius, Vector3 colour, float alpha = 1f, float soft = 0f) =>
        Stamp(new CapsuleShape(u0, v0, u1 - u0, v1 - v0, radius),
            MathF.Min(u0, u1) - radius, MathF.Min(v0, v1) - radius, MathF.Max(u0, u1) + radius, MathF.Max(v0, v1) + radius, colour, alpha, soft);

    /// <summary>An axis-parallel box with corners rounded by <paramref name="round"/>.</summary>
    public void Box(float u0, float v0, float u1, float v1, Vector3 colour, float round = 0f, float alpha = 1f) =>
        Stamp(new BoxShape(0.5f * (u0 + u1), 0.5f * (v0 + v1), (0.5f * (u1 - u0)) - round, (0.5f * (v1 - v0)) - round, round),
            u0, v0, u1, v1, colour, alpha, 0f);

    /// <summary>A chain of thick lines through the points.</summary>
    public void Path(ReadOnlySpan<Vector2> points, float radius, Vector3 colour, float alpha = 1f)
    {
        for (var i = 1; i < points.Length; i++)
            Capsule(points[i - 1].X, points[i - 1].Y, points[i].X, points[i].Y, radius, colour, alpha);
    }

    /// <summary>A filled triangle, corners in any order.</summary>
    public void Triangle(Vector2 a, Vector2 b, Vector2 c, Vector3 colour, float alpha = 1f)
    {
        var low = Vector2.Min(a, Vector2.Min(b, c));
        var high = Vector2.Max(a, Vector2.Max(b, c));
        if ((b.X - a.X) * (c.Y - a.Y) < (b.Y - a.Y) * (c.X - a.X))
            (b, c) = (c, b);
        Stamp(new TriangleShape(a, b, c), low.X, low.Y, high.X, high.Y, colour, alpha, 0f);
    }

    /// <summary>A number in seven-segment digits whose left top corner is (u, v); returns where the next digit would begin.</summary>
    public float Digits(float u, float v, float height, int value, Vector3 colour)
    {
        foreach (var digit in Math.Abs(value).ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            Digit(u, v, height, Segments[digit - '0'], colour);
            u += 0.72f * height;
        }

        return u;
    }

    // Bits: top, upper right, lower right, bottom, lower left, upper left, middle.
    private static ReadOnlySpan<byte> Segments => [0x3f, 0x06, 0x5b, 0x4f, 0x66, 0x6d, 0x7d, 0x07, 0x7f, 0x6f];

    private void Digit(float u, float v, float height, byte segments, Vector3 colour)
    {
        var w = 0.48f * height;
        var half = 0.5f * height;
        var r = 0.065f * height;
        if ((segments & 1) != 0) Capsule(u, v, u + w, v, r, colour);
        if ((segments & 2) != 0) Capsule(u + w, v, u + w, v + half, r, colour);
        if ((segments & 4) != 0) Capsule(u + w, v + half, u + w, v + height, r, colour);
        if ((segments & 8) != 0) Capsule(u, v + height, u + w, v + height, r, colour);
        if ((segments & 16) != 0) Capsule(u, v + half, u, v + height, r, colour);
        if ((segments & 32) != 0) Capsule(u, v, u, v + half, r, colour);
        if ((segments & 64) != 0) Capsule(u, v + half, u + w, v + half, r, colour);
    }

    private void Stamp<TShape>(in TShape shape, float u0, float v0, float u1, float v1, Vector3 colour, float alpha, float soft)
        where TShape : struct, IShape
    {
        var margin = (0.5f * soft * _scale) + 1f;
        var left = Math.Max(0, (int)MathF.Floor(ToX(u0) - margin));
        var right = Math.Min(Width - 1, (int)MathF.Ceiling(ToX(u1) + margin));
        var top = Math.Max(0, (int)MathF.Floor(ToY(v0) - margin));
        var bottom = Math.Min(Height - 1, (int)MathF.Ceiling(ToY(v1) + margin));
        var sharpness = 1f / MathF.Max(soft, 1f / _scale);
        var step = 1f / _scale;
        var pixels = Pixels;
        for (var y = top; y <= bottom; y++)
        {
            var v = _cameraV + ((y + 0.5f - (0.5f * Height)) * step);
            var at = ((y * Width) + left) * 3;
            for (var x = left; x <= right; x++, at += 3)
            {
                var u = _cameraU + ((x + 0.5f - (0.5f * Width)) * step);
                var cover = alpha * Math.Clamp(0.5f - (shape.Distance(u, v) * sharpness), 0f, 1f);
                if (cover <= 0f)
                    continue;
                pixels[at] = (byte)(pixels[at] + (cover * (colour.X - pixels[at])));
                pixels[at + 1] = (byte)(pixels[at + 1] + (cover * (colour.Y - pixels[at + 1])));
                pixels[at + 2] = (byte)(pixels[at + 2] + (cover * (colour.Z - pixels[at + 2])));
            }
        }
    }

    private readonly struct DiscShape(float u0, float v0, float radius) : IShape
    {
        public float Distance(float u, float v) => MathF.Sqrt(((u - u0) * (u - u0)) + ((v - v0) * (v - v0))) - radius;
    }

    private readonly struct EllipseShape(float u0, float v0, float ru, float rv, float cos, float sin) : IShape
    {
        public float Distance(float u, float v) => Geometry.Ellipse(u - u0, v - v0, ru, rv, cos, sin);
    }

    private readonly struct CapsuleShape(float u0, float v0, float du, float dv, float radius) : IShape
    {
        public float Distance(float u, float v)
        {
            var along = Math.Clamp((((u - u0) * du) + ((v - v0) * dv)) / ((du * du) + (dv * dv) + 1e-9f), 0f, 1f);
            var x = u - u0 - (along * du);
            var y = v - v0 - (along * dv);
            return MathF.Sqrt((x * x) + (y * y)) - radius;
        }
    }

    private readonly struct BoxShape(float u0, float v0, float halfU, float halfV, float round) : IShape
    {
        public float Distance(float u, float v)
        {
            var x = MathF.Abs(u - u0) - halfU;
            var y = MathF.Abs(v - v0) - halfV;
            var outU = MathF.Max(x, 0f);
            var outV = MathF.Max(y, 0f);
            return MathF.Sqrt((outU * outU) + (outV * outV)) + MathF.Min(MathF.Max(x, y), 0f) - round;
        }
    }

    private readonly struct TriangleShape(Vector2 a, Vector2 b, Vector2 c) : IShape
    {
        public float Distance(float u, float v) => MathF.Max(Edge(a, b, u, v), MathF.Max(Edge(b, c, u, v), Edge(c, a, u, v)));

        private static float Edge(Vector2 from, Vector2 to, float u, float v)
        {
            var x = to.X - from.X;
            var y = to.Y - from.Y;
            return -((x * (v - from.Y)) - (y * (u - from.X))) / (MathF.Sqrt((x * x) + (y * y)) + 1e-9f);
        }
    }
}
