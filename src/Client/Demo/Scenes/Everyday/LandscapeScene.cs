using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Everyday;

/// <summary>Mountains behind a lake and a meadow, clouds that drift.</summary>
internal sealed class LandscapeScene : IScene
{
    private readonly NoiseField _clouds;
    private readonly NoiseField _ground;
    private readonly Vector3 _sky;
    private readonly Vector3 _meadow;
    private readonly float _offset;

    public LandscapeScene(int seed)
    {
        var random = new Random(seed);
        _clouds = new NoiseField(seed, 4, 5);
        _ground = new NoiseField(seed + 1, 4, 5);
        _sky = random.Next(2) == 0 ? Rgb(84, 150, 226) : Rgb(122, 172, 220);
        _meadow = random.Next(2) == 0 ? Rgb(84, 148, 60) : Rgb(150, 150, 66);
        _offset = random.NextSingle();
    }

    public void Render(Raster raster, double t) => raster.Shade(new View(this, (float)t));

    private readonly struct View(LandscapeScene scene, float t) : IShader
    {
        public Vector3 At(float u, float v)
        {
            var pan = (0.02f * t) + scene._offset;
            var far = -0.08f - (0.3f * (scene._ground.At((0.35f * u) + (0.2f * pan), 0.13f) - 0.4f));
            if (v < far)
            {
                var sky = Vector3.Lerp(scene._sky, new Vector3(232f, 238f, 244f), Math.Clamp((v + 0.5f) * 1.5f, 0f, 1f));
                var cloud = Smooth(0.46f, 0.72f, scene._clouds.At((0.5f * u) + (0.02f * t) + scene._offset, (0.9f * v) + 0.3f));
                return Vector3.Lerp(sky, new Vector3(252f, 252f, 252f), cloud);
            }

            if (v < 0.06f)
            {
                var rock = scene._ground.At((1.6f * u) + pan, 1.6f * v);
                var snow = Smooth(0.06f, 0f, v - far) * Smooth(-0.1f, -0.16f, v);
                return Vector3.Lerp(Vector3.Lerp(new Vector3(74f, 92f, 120f), new Vector3(120f, 138f, 158f), rock), new Vector3(240f, 244f, 250f), snow);
            }

            var shore = 0.2f + (0.1f * (scene._ground.At((0.6f * u) + (0.5f * pan), 0.6f) - 0.5f));
            if (v < shore)
            {
                var ripple = scene._clouds.At((1.2f * u) + (0.02f * t), (8f * v) + (0.06f * t));
                return Vector3.Lerp(new Vector3(52f, 104f, 150f), new Vector3(170f, 202f, 224f), ripple * ripple);
            }

            var grass = scene._ground.At((2.4f * u) + (2f * pan), 2.4f * v);
            var flower = Smooth(0.78f, 0.84f, scene._clouds.At((3f * u) + (2.4f * pan), 3f * v));
            return (scene._meadow * (0.6f + (0.7f * grass))) + (new Vector3(140f, 110f, 40f) * flower);
        }
    }
}
