place=kitchen
cd garden
